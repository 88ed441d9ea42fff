/** What holds in every story, whoever does what, whatever becomes of the runs, and whichever webhooks arrive. */
import { beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { anyStory } from "./gated-story.ts";
import { promises } from "./oracles/index.ts";
import { play } from "./play.ts";
import type { Simulation } from "./rig/simulation.ts";
import { seed } from "./seed.ts";
import type { Story } from "./story.ts";

const STORIES = 150;

beforeAll(() => {
  process.stdout.write(`The stories of this run have the seed ${seed}.\n`);
});

/** The same stories are played for each promise, so they are played once; only what fails is told again, ever shorter. */
const played = new Map<string, Promise<Simulation>>();

function playedOnce(one: Story): Promise<Simulation> {
  const key = JSON.stringify(one);
  const known = played.get(key) ?? toTheEnd(one);
  if (played.size < STORIES) played.set(key, known);
  return known;
}

async function toTheEnd(one: Story): Promise<Simulation> {
  const sim = await play(one);
  await sim.settle();
  return sim;
}

test.each(promises)(
  "$name",
  async ({ oracle, isAbout }) => {
    let about = 0;
    await fc.assert(
      fc.asyncProperty(anyStory, async (one) => {
        const sim = await playedOnce(one);
        about += isAbout(sim) ? 1 : 0;
        expect(oracle(sim)).toEqual([]);
      }),
      { seed, numRuns: STORIES },
    );
    expect(about).toBeGreaterThan(0);
  },
  120_000,
);
