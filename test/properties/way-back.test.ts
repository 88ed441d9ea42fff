/** P13: whatever happens to a release, and whoever says what, nothing goes back that no person of `RIG_CTO` asked back. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { nothingGoesBack } from "./oracles/releases.ts";
import { play } from "./play.ts";
import { CTO } from "./rig/conductor.ts";
import { eventsOf } from "./rig/journal.ts";
import type { Simulation } from "./rig/simulation.ts";
import { seed } from "./seed.ts";
import { fates, minutes, people, policies, type Step, type Story, step } from "./story.ts";

const issue = fc.nat({ max: 1 });
const paced = (one: fc.Arbitrary<object>): fc.Arbitrary<Step> => one.map((what) => ({ ...what, jobs: 1000, pick: 0 }) as Step);

const back = (by: fc.Arbitrary<string>) =>
  paced(fc.record({ do: fc.constant("say"), issue, by, text: fc.constant("rollback"), onPull: fc.boolean() }));
const others = people.filter((login) => login !== CTO);
const passes = paced(
  fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(minutes(1), minutes(7), minutes(35), minutes(61)), up: fc.constant(true) }),
);
const handsOver = (issue: number) => ({ do: "label", issue, by: "jonas", label: "agent-ready", jobs: 1000, pick: 0 }) as Step;

/** Somebody hands issues over, some time goes by, and then people say and do what they like. */
const told = (asks: fc.Arbitrary<Step>): fc.Arbitrary<Story> =>
  fc.record({
    setup: fc.record({
      policy: fc.constantFrom(policies.plain, policies.released, policies.staged, policies.checked),
      issues: fc.array(fc.record({ body: fc.constant("Please."), files: fc.constant(["src/price.mjs"]), fates }), {
        minLength: 1,
        maxLength: 2,
      }),
      arrivals: fc.array(fc.constantFrom(1, 1, 1, 0, 2), { maxLength: 40 }),
    }),
    steps: fc
      .array(fc.oneof({ weight: 3, arbitrary: asks }, { weight: 4, arbitrary: passes }, { weight: 3, arbitrary: step }), {
        minLength: 4,
        maxLength: 16,
      })
      .map((more) => [handsOver(0), handsOver(1), ...more]),
  });

const played = async (one: Story): Promise<Simulation> => {
  const sim = await play(one);
  await sim.settle();
  return sim;
};

test("whoever is not of RIG_CTO asks in vain, whatever fails", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(told(back(fc.constantFrom(...others))), async (one) => {
      const sim = await played(one);
      expect(nothingGoesBack(sim)).toEqual([]);
      expect(sim.failures).toEqual([]);
      const asked = one.steps.some((each) => each.do === "say" && each.text === "rollback" && each.by === CTO);
      if (!asked) expect(eventsOf(sim.journal, "ROLLBACK_REQUESTED")).toEqual([]);
      refused += eventsOf(sim.journal, "COMMAND_RECEIVED").filter(
        ({ data }) => data.verb === "rollback" && data.verdict === "refused",
      ).length;
    }),
    { seed, numRuns: 25 },
  );
  expect(refused).toBeGreaterThan(0);
}, 120_000);

test("what the CTO asks for goes back, by the workflow or by a pull request, and nothing beside it", async () => {
  const ways = new Set<string>();
  await fc.assert(
    fc.asyncProperty(told(back(fc.constant(CTO))), async (one) => {
      const sim = await played(one);
      expect(nothingGoesBack(sim)).toEqual([]);
      expect(sim.failures).toEqual([]);
      for (const { events, commands } of sim.journal.entries)
        if (events.some(({ type }) => type === "ROLLBACK_REQUESTED"))
          for (const { kind } of commands.filter((command) => command.kind === "DEPLOY" || command.kind === "OPEN_REVERT")) ways.add(kind);
    }),
    { seed, numRuns: 25 },
  );
  expect([...ways].toSorted()).toEqual(["DEPLOY", "OPEN_REVERT"]);
}, 120_000);

const app = join(import.meta.dirname, "../../app");
const sources = readdirSync(app, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, text: readFileSync(join(app, path), "utf8") }));
const saying = (said: RegExp): readonly string[] =>
  sources
    .filter(({ text }) => said.test(text))
    .map(({ path }) => path)
    .toSorted();

test("only the command says that somebody asked, only that is answered with a way back, and no other workflow is named for it", () => {
  expect(saying(/type: "ROLLBACK_REQUESTED"/)).toEqual(["slash/rollback.ts"]);
  expect(saying(/kind: "OPEN_REVERT"/)).toEqual(["reactions/rollback.ts"]);
  expect(saying(/deploy\.rollback/)).toEqual(["reactions/rollback.ts"]);
  const [said] = sources.filter(({ path }) => path === "slash/rollback.ts");
  expect(said?.text).toContain('who: "cto"');
});
