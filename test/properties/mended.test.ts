/** What fails out there, through the whole corridor and hours of it: mended in vain, blamed on the first, given up by a person. */
import { expect, test } from "@jest/globals";
import { closed } from "./github/issues.ts";
import { promises } from "./oracles/index.ts";
import { play } from "./play.ts";
import { type Fates, goodFates } from "./rig/fates.ts";
import type { Simulation } from "./rig/simulation.ts";
import { policies } from "./story.ts";

const MINUTE_MS = 60_000;

const handedOver = (...smokes: readonly Fates["smokes"][]): Promise<Simulation> =>
  play({
    setup: {
      policy: policies.checked,
      issues: smokes.map((fate) => ({
        body: "Please.",
        files: ["src/price.mjs"],
        fates: { ...goodFates, ...(fate ? { smokes: fate } : {}) },
      })),
      arrivals: [],
    },
    steps: smokes.map((_, issue) => ({ do: "label", issue, by: "jonas", label: "agent-ready", jobs: 1000, pick: 0 })),
  });

const typesOf = (sim: Simulation, number: number): readonly string[] =>
  [...sim.memory.streams]
    .filter(([stream]) => stream === `acme/shop#${number}`)
    .flatMap(([, events]) => events.map(({ type }) => type as string));
const count = (sim: Simulation, number: number, type: string): number => typesOf(sim, number).filter((one) => one === type).length;
const stateIn = (sim: Simulation, number: number) => sim.memory.rows().find((row) => row.number === number)?.state;
const kept = (sim: Simulation): readonly string[] => promises.flatMap(({ oracle }) => oracle(sim));

test("mended as often as the repository lets it, in vain, it is a person's", async () => {
  const sim = await handedOver(["fails", "fails", "fails", "fails"]);
  await sim.pass(3 * 60 * MINUTE_MS);
  expect([stateIn(sim, 1), count(sim, 1, "SMOKE_FAILED"), count(sim, 1, "MERGED"), count(sim, 1, "PR_CREATED")]).toEqual([
    "failed",
    3,
    3,
    3,
  ]);
  expect(typesOf(sim, 1)).not.toContain("DEPLOYED_PRODUCTION");
  expect(sim.github.issues.get(1)?.open).toBe(false);
  expect(kept(sim)).toEqual([]);
});

test("mended at the second try it is verified, and its issue, which was opened again each time, is closed by the merge that held", async () => {
  const sim = await handedOver(["fails", "fails"]);
  await sim.pass(2 * 60 * MINUTE_MS);
  expect([stateIn(sim, 1), count(sim, 1, "SMOKE_FAILED"), count(sim, 1, "VERIFIED")]).toEqual(["done", 2, 1]);
  expect(
    sim.github.issues
      .get(1)
      ?.events.map(({ event }) => event)
      .filter((event) => event !== "labeled" && event !== "unlabeled"),
  ).toEqual([...["closed", "reopened", "closed", "reopened", "closed"]]);
  expect(kept(sim)).toEqual([]);
});

test("of two merges that fail the first is mended, and the other waits for it and goes on by itself", async () => {
  const sim = await handedOver(["fails", "holds"], ["fails", "holds"]);
  await sim.pass(4 * 60 * MINUTE_MS);
  const blamed = [1, 2].map((number) => count(sim, number, "SMOKE_FAILED"));
  const waited = [1, 2].map((number) => count(sim, number, "DEPLOY_BLOCKED"));
  expect(blamed.toSorted()).toEqual([0, 1]);
  expect(waited).toEqual(blamed.map((failed) => 1 - failed));
  expect([stateIn(sim, 1), stateIn(sim, 2)]).toEqual(["done", "done"]);
  expect(kept(sim)).toEqual([]);
});

test("a person who closes the issue that was opened again takes the work back", async () => {
  const sim = await handedOver(["fails"]);
  for (let minute = 0; minute < 60 && count(sim, 1, "SMOKE_FAILED") === 0; minute += 1) await sim.pass(MINUTE_MS);
  await sim.pass(MINUTE_MS);
  const issue = sim.github.issues.get(1);
  expect([issue?.open, stateIn(sim, 1)]).toEqual([true, "in_progress"]);
  if (issue) closed(sim.github, issue, sim.person("jonas"));
  await sim.pass(30 * MINUTE_MS);
  expect([stateIn(sim, 1), count(sim, 1, "ISSUE_WITHDRAWN"), count(sim, 1, "MERGED")]).toEqual(["new", 1, 1]);
  expect(kept(sim)).toEqual([]);
});
