/** R15: what a merge stands on is read again in the moment before it, and what people did by then stops it. */
import { expect, test } from "@jest/globals";
import { gatesPassed, nothingPassesAGate } from "./oracles/merges.ts";
import { play } from "./play.ts";
import { goodFates } from "./rig/fates.ts";
import type { Simulation } from "./rig/simulation.ts";
import type { Setup } from "./rig/world.ts";
import type { Step } from "./story.ts";

const MINUTE_MS = 60_000;

type Act = Omit<Step, "jobs" | "pick">;
const issue = 0;
const step = (act: Act, jobs = 1000): Step => ({ ...act, jobs, pick: 0 }) as Step;
const pass = step({ do: "pass", ms: 10 * MINUTE_MS, up: true } as Act);
const approves = (by: string): Act => ({ do: "approve", issue, by, how: "review", gates: "" }) as Act;
const pushes = (by: string): Act => ({ do: "push", issue, by, author: by, path: "docs/prices.md" }) as Act;
const retargets = (base: "main" | "release" | "halfway"): Act => ({ do: "retarget", issue, by: "jonas", base }) as Act;

const migration = { body: "Please.", files: ["db/migrations/0001.sql"], fates: goodFates };
/** Somebody else could open the gate too: it is not for want of owners that it stays shut. */
const setup: Setup = { policy: "", owned: "team", issues: [migration], arrivals: [] };
const handedOver = step({ do: "label", issue, by: "jonas", label: "agent-ready" } as Act);

/** An agent's migration, which is all green but for its gate; and what people do then. */
const storyOf = (...steps: readonly Step[]): Promise<Simulation> => play({ setup, steps: [handedOver, pass, ...steps] });

test("where nobody interferes, an owner's approval merges it", async () => {
  const sim = await storyOf(step(approves("maria")));
  expect([gatesPassed(sim), nothingPassesAGate(sim)]).toEqual([["schema"], []]);
});

test.each<[string, Act]>([
  ["rig:hold", { do: "label", issue, by: "jonas", label: "rig:hold" } as Act],
  ["a lock", { do: "lock", issue, by: "jonas" } as Act],
  ["a closed issue", { do: "close", issue, by: "jonas" } as Act],
  ["a label taken off", { do: "unlabel", issue, by: "jonas", label: "agent-ready" } as Act],
  ["an edit", { do: "edit", issue, by: "jonas", what: "title" } as Act],
  ["an objection", { do: "review", issue, by: "jonas", verdict: "CHANGES_REQUESTED" } as Act],
  ["a check that turned red", { do: "check", issue, by: "jonas", conclusion: "failure" } as Act],
  ["another owner in CODEOWNERS", { do: "own", by: "maria", as: "shared" } as Act],
  ["an approver who may not write any more", { do: "role", of: "maria", role: "read" } as Act],
  ["a dismissed approval", { do: "dismiss of", issue, by: "jonas", of: "maria" } as Act],
  ["a dismissed review of Review-E", { do: "dismiss of", issue, by: "jonas", of: "review-e[bot]" } as Act],
  ["another pull request of the same head", { do: "beside", issue, by: "maria", base: "main" } as Act],
  ["another base", retargets("release")],
  ["a push", pushes("jonas")],
  ["a draft", { do: "draft", issue, by: "jonas" } as Act],
])("%s that comes after the merge was decided stops it", async (_, act) => {
  const sim = await storyOf(step(approves("maria"), 1), step(act, 1));
  expect([...sim.memory.effects.rows.values()].filter(({ kind }) => kind === "MERGE")).toHaveLength(1);
  await sim.doJobs();
  expect(sim.github.merges).toEqual([]);
});

const away = step({ do: "pass", ms: MINUTE_MS, up: false } as Act, 0);

test.each<[string, readonly Step[]]>([
  ["of who pushed to it", [step(pushes("maria")), pass, step(approves("maria"))]],
  ["of the head before", [step(pushes("jonas")), pass, step({ do: "look back", issue, by: "maria" } as Act)]],
  ["that came before the gate was raised", [step(pushes("jonas"), 0), step(approves("maria"), 0), away, pass]],
  ["of one who owns nothing of it", [step(approves("jonas"))]],
  ["of one who may not write", [step({ do: "role", of: "maria", role: "read" } as Act), step(approves("maria"))]],
  ["of a machine", [step(approves("renovate[bot]"))]],
  ["of the Rig", [step(approves("rig[bot]"))]],
  ["of Review-E", [step(approves("review-e[bot]"))]],
  ["that was dismissed", [step(approves("maria"), 0), step({ do: "dismiss of", issue, by: "jonas", of: "maria" } as Act)]],
])("an approval %s opens nothing", async (_, steps) => {
  const sim = await storyOf(...steps, pass);
  expect(sim.github.merges).toEqual([]);
});

test("who made a part of it approves nothing, also where it was to go elsewhere for a while", async () => {
  const sim = await storyOf(
    ...[step(pushes("maria"), 0), step(pushes("jonas"), 0), step(retargets("halfway")), step(retargets("main"))],
    ...[pass, step(approves("maria")), pass],
  );
  expect(sim.github.merges).toEqual([]);
});

test("an objection stands on every head that follows, also where no gate is raised", async () => {
  const quiet = { ...setup, issues: [{ ...migration, files: ["src/price.mjs"] }] };
  const objects = step({ do: "review", issue, by: "jonas", verdict: "CHANGES_REQUESTED" } as Act, 0);
  const published = step({ do: "pass", ms: 4 * MINUTE_MS, up: true } as Act);
  const sim = await play({ setup: quiet, steps: [handedOver, published, objects, step(pushes("maria"), 0), pass, pass] });
  expect(sim.github.merges).toEqual([]);
  expect(sim.memory.rows()).toMatchObject([{ why: expect.stringContaining("jonas") }]);
});
