/** Stories about gates: an agent's pull request touches what a person has to look at, and people do what they do about it. */
import fc from "fast-check";
import { approval, gateAct } from "./gate-acts.ts";
import { type Fates, goodFates } from "./rig/fates.ts";
import { kinds } from "./rig/files.ts";
import { type Ownership, ownerships } from "./rig/ownership.ts";
import { act, fates, minutes, policies, type Step, type Story, story } from "./story.ts";

const SECOND_MS = 1000;
const gatedPaths = kinds.filter(({ gates }) => gates.length > 0).map(({ path }) => path);

/** Mostly all goes well with the agents: the people are what this is about. */
const mostlyGood: fc.Arbitrary<Fates> = fc.oneof({ weight: 5, arbitrary: fc.constant(goodFates) }, fates);

const setup = fc.record({
  policy: fc.constantFrom(policies.plain, policies.plain, policies.released),
  owned: fc.constantFrom("one", "one", ...(Object.keys(ownerships) as Ownership[])),
  issues: fc.array(
    fc.record({
      body: fc.constant("Please."),
      files: fc.uniqueArray(fc.constantFrom(...gatedPaths), { minLength: 1, maxLength: 2 }),
      fates: mostlyGood,
    }),
    { minLength: 1, maxLength: 2 },
  ),
  arrivals: fc.array(fc.constantFrom(1, 1, 1, 0, 2), { maxLength: 40 }),
});

const pace = { jobs: fc.oneof(fc.constant(1000), fc.nat({ max: 4 })), pick: fc.nat({ max: 5 }) };
const paced = (one: fc.Arbitrary<object>): fc.Arbitrary<Step> =>
  fc.record({ one, ...pace }).map(({ one: what, jobs, pick }) => ({ ...what, jobs, pick }) as Step);

const pass = (...ms: readonly number[]) => paced(fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(...ms), up: fc.constant(true) }));
const issue = fc.nat({ max: 1 });
const by = fc.constantFrom("jonas", "maria", "paula");
/** What has to stop a merge also where it comes in the last moment. */
const interference = fc.oneof(
  fc.record({ do: fc.constant("label"), issue, by, label: fc.constant("rig:hold") }),
  fc.record({ do: fc.constantFrom("lock", "lock", "close"), issue, by }),
  fc.record({ do: fc.constant("edit"), issue, by, what: fc.constantFrom("title", "body") }),
  fc.record({ do: fc.constant("review"), issue, by, verdict: fc.constant("CHANGES_REQUESTED") }),
  fc.record({ do: fc.constant("dismiss of"), issue, by: fc.constantFrom("maria", "renovate[bot]"), of: by }),
);

const between = fc.oneof(
  { weight: 6, arbitrary: paced(gateAct) },
  { weight: 4, arbitrary: pass(0, SECOND_MS, 10 * SECOND_MS, minutes(1), minutes(2), minutes(4)) },
  { weight: 2, arbitrary: paced(act) },
  { weight: 3, arbitrary: paced(approval) },
  { weight: 2, arbitrary: paced(interference) },
);

const handedOver = (of: number): Step => ({ do: "label", issue: of, by: "jonas", label: "agent-ready", jobs: 1000, pick: 0 });
/** One who owns something approves it in the plainest way. */
const plainly = (of: number, owner: string, jobs: number): Step => ({
  do: "approve",
  issue: of,
  by: owner,
  how: "review",
  gates: "",
  jobs,
  pick: 0,
});

export const gatedStory: fc.Arbitrary<Story> = fc
  .record({
    ...{ setup, working: pass(minutes(5), minutes(6), minutes(8), minutes(10)), before: fc.array(between, { maxLength: 8 }) },
    ...{
      owners: fc.constantFrom(["maria"], ["maria"], ["paula"], ["paula", "maria"], ["jonas", "paula", "maria"], []),
      jobs: fc.constantFrom(1000, 1, 1, 2),
    },
    ...{ atLast: fc.option(paced(interference)), after: fc.array(between, { maxLength: 4 }) },
  })
  .map(({ setup: of, working, before, owners, jobs, atLast, after }) => {
    const every = of.issues.map((_, index) => index);
    const approvals = owners.flatMap((login) => every.map((one) => plainly(one, login, jobs)));
    // What was decided by the last approval is carried out by the first job after it.
    const inTheWay = atLast ? [{ ...atLast, jobs: 1, pick: 0 } as Step] : [];
    return { setup: of, steps: [...every.map(handedOver), working, ...before, ...approvals, ...inTheWay, ...after] };
  });

/** A story of either kind. */
export const anyStory: fc.Arbitrary<Story> = fc.oneof({ weight: 3, arbitrary: story }, { weight: 1, arbitrary: gatedStory });
