/** P4 where it is hardest: pull requests that people have to look at, and everything that people do about them. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { gatedStory } from "./gated-story.ts";
import { gatesPassed, nothingPassesAGate } from "./oracles/merges.ts";
import { play } from "./play.ts";
import { eventsOf } from "./rig/journal.ts";
import { seed } from "./seed.ts";

const STORIES = 150;

test("P4: whatever people do and however it is told, nothing is merged that a gate, a review, a check or a person holds back", async () => {
  const seen = { gated: 0, voided: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(gatedStory, async (story) => {
      const sim = await play(story);
      await sim.settle(2);
      expect(nothingPassesAGate(sim)).toEqual([]);
      seen.gated += gatesPassed(sim).length > 0 ? 1 : 0;
      seen.voided += eventsOf(sim.journal, "HUMAN_GATE_VOIDED").length > 0 ? 1 : 0;
      seen.refused += [...sim.memory.effects.rows.values()].filter(
        ({ kind, response }) => kind === "MERGE" && (response as { readonly refused?: string } | undefined)?.refused !== undefined,
      ).length;
    }),
    { seed, numRuns: STORIES },
  );
  // Stories in which a gate was passed, in which one was voided, and merges that were decided and did not hold a moment later.
  expect(seen.gated).toBeGreaterThan(STORIES / 4);
  expect(seen.voided).toBeGreaterThan(STORIES / 10);
  expect(seen.refused).toBeGreaterThan(0);
}, 120_000);
