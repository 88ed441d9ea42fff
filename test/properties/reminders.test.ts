/** P14: a waiting gate, whatever the clock does and whenever the Rig is down. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { labelled } from "./github/people.ts";
import { remindedOnce } from "./oracles/reminders.ts";
import { goodFates } from "./rig/fates.ts";
import { eventsOf } from "./rig/journal.ts";
import { createSimulation, type Simulation } from "./rig/simulation.ts";
import { seed } from "./seed.ts";

const MINUTE_MS = 60_000;

/** An issue whose pull request changes the schema, reviewed and waiting for a code owner. */
async function waiting(): Promise<Simulation> {
  const sim = await createSimulation({
    policy: "",
    issues: [{ body: "Please.", files: ["db/migrations/0001.sql"], fates: goodFates }],
    arrivals: [],
  });
  const issue = sim.github.issues.get(1);
  if (issue) labelled(sim.github, issue, sim.person("jonas"), "agent-ready");
  await sim.pass(10 * MINUTE_MS);
  expect(sim.memory.rows()).toMatchObject([{ state: "waiting" }]);
  return sim;
}

const raisedAt = (sim: Simulation): number => eventsOf(sim.journal, "HUMAN_GATE_TRIGGERED")[0]?.at.getTime() ?? 0;
const minutesAfter = (sim: Simulation, at: Date): number => (at.getTime() - raisedAt(sim)) / MINUTE_MS;

test("while the Rig is up, people are reminded each half hour, asked for a decision after four hours, and then everyone is", async () => {
  const sim = await waiting();
  await sim.pass(9 * 60 * MINUTE_MS);
  const { journal } = sim;
  expect(eventsOf(journal, "HUMAN_GATE_REMINDER").map(({ at }) => minutesAfter(sim, at))).toEqual([30, 60, 90, 120, 150, 180, 210]);
  expect(eventsOf(journal, "ESCALATED").map(({ at, data }) => [minutesAfter(sim, at), data.level])).toEqual([
    [240, "cto"],
    [480, "everyone"],
  ]);
  expect(eventsOf(journal, "ESCALATION_REMINDED").map(({ at }) => minutesAfter(sim, at))).toEqual([
    270, 300, 330, 360, 390, 420, 450, 510, 540,
  ]);
});

const move = fc.record({
  minutes: fc.integer({ min: 0, max: 300 }),
  how: fc.constantFrom("up", "up", "down", "forwards", "backwards"),
  looks: fc.nat({ max: 2 }),
});

test("whatever the clock does and whenever the Rig is down, nobody is reminded twice of the same interval, and nobody is forgotten", async () => {
  let reminders = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 10 }), async (moves) => {
      const sim = await waiting();
      for (const { minutes, how, looks } of moves) {
        if (how === "up" || how === "down") await sim.pass(minutes * MINUTE_MS, how === "up");
        else sim.set((how === "forwards" ? 1 : -0.1) * minutes * MINUTE_MS);
        for (let n = 0; n < looks; n += 1) await sim.look(1);
        await sim.doJobs();
      }
      await sim.coordinate();
      expect(remindedOnce(sim)).toEqual([]);
      const waited = minutesAfter(sim, sim.now());
      const asked = eventsOf(sim.journal, "ESCALATED").map(({ data }) => data.level);
      if (waited >= 240) expect(asked[0]).toBe("cto");
      const said = eventsOf(sim.journal, "HUMAN_GATE_REMINDER").map(({ data }) => data.nth);
      if (asked.length === 0) expect(said.at(-1) ?? 0).toBeGreaterThanOrEqual(Math.floor(waited / 30));
      reminders += said.length;
    }),
    { seed, numRuns: 40 },
  );
  expect(reminders).toBeGreaterThan(0);
}, 180_000);
