/** P12: with one slot, a critical issue comes next whenever it comes, and costs the other nothing. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { labelled } from "./github/people.ts";
import { goodFates } from "./rig/fates.ts";
import { eventsOf } from "./rig/journal.ts";
import { createSimulation } from "./rig/simulation.ts";
import { seed } from "./seed.ts";

const policy = "queue: { maxConcurrent: 1 }\nagents:\n  dev-e: { maxConcurrent: 1 }\n";
const SECOND_MS = 1000;

const arrival = fc.record({
  /** A run of one issue takes less than seven minutes, from the label to the merge. */
  seconds: fc.integer({ min: 0, max: 420 }),
  /** Which of the others becomes critical, and whether its label comes before it is handed over. */
  critical: fc.constantFrom(2, 3),
  labelFirst: fc.boolean(),
});

test("a critical issue is the next that gets the agent, whoever waits; who made room goes on without a strike", async () => {
  let interruptions = 0;
  await fc.assert(
    fc.asyncProperty(arrival, async ({ seconds, critical, labelFirst }) => {
      const issue = { body: "Please.", files: ["src/price.mjs"], fates: goodFates };
      const sim = await createSimulation({ policy, issues: [issue, issue, issue], arrivals: [] });
      const label = (number: number, name: string): void => {
        const found = sim.github.issues.get(number);
        if (found) labelled(sim.github, found, sim.person("jonas"), name);
      };
      label(1, "agent-ready");
      await sim.pass(0);
      for (const other of [2, 3]) if (other !== critical) label(other, "agent-ready");
      await sim.pass(seconds * SECOND_MS);
      if (labelFirst) label(critical, "critical");
      label(critical, "agent-ready");
      if (!labelFirst) label(critical, "critical");
      const begun = eventsOf(sim.journal, "ISSUE_ASSIGNED").length;
      await sim.settle();

      const assigned = eventsOf(sim.journal, "ISSUE_ASSIGNED").map(({ entry }) => entry.number);
      expect(assigned[begun]).toBe(critical);
      expect(sim.memory.rows().map(({ state, strikes, attempts }) => [state, strikes, attempts])).toEqual(Array(3).fill(["done", 0, 1]));
      interruptions += eventsOf(sim.journal, "CHECKPOINT_REQUESTED").length;
    }),
    { seed, numRuns: 40 },
  );
  expect(interruptions).toBeGreaterThan(0);
}, 180_000);
