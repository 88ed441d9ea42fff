/** Tells stories nobody has told yet, and looks for one that breaks a promise: `node test/properties/explore.ts [stories] [seed]`. */
import fc from "fast-check";
import { anyStory } from "./gated-story.ts";
import { promises } from "./oracles/index.ts";
import { play } from "./play.ts";
import type { Simulation } from "./rig/simulation.ts";
import type { Story } from "./story.ts";

const [stories = 500, seed = Math.trunc(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number);

async function toTheEnd(one: Story): Promise<Simulation> {
  const sim = await play(one);
  await sim.settle();
  return sim;
}

const broken = (sim: Simulation): readonly string[] =>
  promises.flatMap(({ name, oracle }) => oracle(sim).map((what) => `${name}: ${what}`));

process.stdout.write(`Seed ${seed}, ${stories} stories.\n`);
const found = await fc.check(
  fc.asyncProperty(anyStory, async (one) => broken(await toTheEnd(one)).length === 0),
  { seed, numRuns: stories },
);
const [shortest] = found.counterexample ?? [];
if (shortest) {
  const sim = await toTheEnd(shortest);
  const history = sim.journal.entries.map(
    ({ at, stream, state, events, commands }) =>
      `${at.toISOString().slice(5, 19)} ${stream} ${state ?? ""} ${events.map(({ type }) => type).join(" ")} | ${commands.map(({ kind }) => kind).join(" ")}`,
  );
  process.stdout.write(`${[JSON.stringify(shortest), ...broken(sim), ...history].join("\n")}\n`);
}
process.stdout.write(found.failed ? `Path ${found.counterexamplePath}.\n` : `${found.numRuns} stories keep every promise.\n`);
process.exitCode = found.failed ? 1 : 0;
