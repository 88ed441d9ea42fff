/** A look is only a look: how often, in which order and whether at all webhooks bring one changes nothing in the end. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { labelled } from "./github/people.ts";
import { outcome } from "./outcome.ts";
import { happen, play } from "./play.ts";
import { createSimulation, type Simulation } from "./rig/simulation.ts";
import type { Setup } from "./rig/world.ts";
import { seed } from "./seed.ts";
import { type Burst, burst, setup, story } from "./story.ts";

const FIVE_MINUTES_MS = 300_000;

test("P6: looking twice at the same world is looking once", async () => {
  let looks = 0;
  await fc.assert(
    fc.asyncProperty(story, async (one) => {
      await play(one, async (sim) => {
        for (const number of sim.github.issues.keys()) looks += await repeated(sim, number);
      });
    }),
    { seed, numRuns: 30 },
  );
  expect(looks).toBeGreaterThan(0);
}, 120_000);

/** What a look finds that the look before it, in the same moment, left. */
async function repeated(sim: Simulation, number: number): Promise<number> {
  const stream = `acme/shop#${number}`;
  if (!sim.memory.projections.has(stream)) return 0;
  await quietly(sim, number);
  // What is read may hang on what was written: a merge is followed by a look at its release, an approval by one at what comes first.
  await quietly(sim, number);
  const before = said(sim);
  await quietly(sim, number);
  expect(said(sim)).toEqual(before);
  return 1;
}

const said = ({ journal, memory }: Simulation) => ({
  events: journal.entries.flatMap(({ stream, events }) => events.map(({ type }) => `${stream} ${type}`)),
  commands: [...memory.effects.rows.keys()],
});

async function quietly(sim: Simulation, number: number): Promise<void> {
  try {
    await sim.lookNow(number);
  } catch {
    // GitHub may not answer this time.
  }
}

/**
 * P7. What happens at once is told in any order, any number of times or not at all; then the Rig comes to rest and goes through everything once.
 * Acts that undo each other belong to one burst: a look between them would rightly have acted on the first. Times are not compared: who finds
 * something later does it later.
 */
test("P7: whichever webhooks arrive, in whichever order, it ends in the same state and with the same effects", async () => {
  let effects = 0;
  await fc.assert(
    fc.asyncProperty(setup, fc.array(burst, { minLength: 1, maxLength: 4 }), async (of, bursts) => {
      const plain = await lived({ ...of, arrivals: [] }, bursts, "all");
      const torn = await lived(of, bursts, "some");
      const [expected, found] = [outcome(plain), outcome(torn)];
      effects += expected.effects.length;
      expect(found).toEqual(expected);
    }),
    { seed, numRuns: 30 },
  );
  expect(effects).toBeGreaterThan(0);
}, 120_000);

async function lived(of: Setup, bursts: readonly Burst[], how: "all" | "some"): Promise<Simulation> {
  // As many agents as issues: who comes first to the only one would be a matter of order.
  const sim = await createSimulation({ ...of, policy: "queue: { maxConcurrent: 3 }\nagents: { dev-e: { maxConcurrent: 3 } }\n" });
  for (const { acts, looks, pick } of bursts) {
    for (const act of acts) await happen(sim, act);
    await sim.deliver();
    if (how === "some") for (const number of looks) await sim.look((number % sim.github.issues.size) + 1);
    await sim.doJobs(undefined, how === "some" ? pick : 0);
    for (let n = 0; n < 8; n += 1) {
      await sim.coordinate();
      await sim.pass(FIVE_MINUTES_MS);
    }
  }
  await sim.settle(1);
  return sim;
}

test("F1: what no webhook told is found by going through everything", async () => {
  const sim = await createSimulation({
    policy: "",
    issues: [{ body: "Please.", files: ["src/price.mjs"], fates: { work: [], review: [], checks: [], deploys: [] } }],
    arrivals: Array(200).fill(0),
  });
  const issue = sim.github.issues.get(1);
  if (issue) labelled(sim.github, issue, sim.person("jonas"), "agent-ready");
  await sim.doJobs();
  expect(sim.journal.entries).toEqual([]);
  for (let n = 0; n < 4; n += 1) {
    await sim.coordinate();
    await sim.pass(FIVE_MINUTES_MS);
  }
  expect(sim.memory.rows()).toMatchObject([{ state: "done" }]);
});
