/** Stories: who does what, in which order, what becomes of the runs, and which webhooks arrive. */
import fc from "fast-check";
import { type GateAct, gateAct } from "./gate-acts.ts";
import { checkFates, deployFates, type Fates, reviewFates, smokeFates, workFates } from "./rig/fates.ts";
import { kinds } from "./rig/files.ts";
import { type Ownership, ownerships } from "./rig/ownership.ts";
import type { Setup } from "./rig/world.ts";

export const policies = {
  plain: "",
  released: "deploy:\n  production: {}\ntimeouts:\n  deploy: 10m\n",
  staged: "deploy:\n  staging: { workflow: deploy.yml }\n  production: { workflow: deploy.yml }\ntimeouts:\n  deploy: 10m\n",
  checked:
    "deploy:\n  staging: { workflow: deploy.yml, smokeWorkflow: smoke.yml }\n  production: { workflow: deploy.yml }\n  rollback: { workflow: rollback.yml }\nlimits: { smokeRetries: 2 }\ntimeouts:\n  deploy: 10m\n",
  alone: "queue: { maxConcurrent: 1 }\nagents:\n  dev-e: { maxConcurrent: 1 }\n",
  watched: "monitor: { autoReady: true }\n",
  tight: "limits: { ciFixes: 1, reviewRounds: 1, infraRetries: 1, runsPerIssue: 6, idleRuns: 2 }\n",
} as const;

export const people = ["jonas", "maria", "paula", "tom", "rita", "renovate[bot]"] as const;

export const commands = [
  "start",
  "stop",
  "hold",
  "resume",
  "retry",
  "retry fresh",
  "reset strikes",
  "budget 50",
  "priority critical",
  "priority normal",
  "answer Half up.",
  "ack",
  "resolve retry",
  "resolve reassign",
  "resolve override",
  "resolve close",
  "approve",
  "reject Not so.",
  "review",
  "status",
  "rollback",
] as const;

type Act =
  | { readonly do: "label" | "unlabel"; readonly issue: number; readonly by: string; readonly label: string }
  | { readonly do: "edit"; readonly issue: number; readonly by: string; readonly what: "title" | "body" | "back" }
  | { readonly do: "close" | "reopen" | "lock" | "unlock" | "delete" | "transfer"; readonly issue: number; readonly by: string }
  | { readonly do: "say"; readonly issue: number; readonly by: string; readonly text: (typeof commands)[number]; readonly onPull: boolean }
  | { readonly do: "review"; readonly issue: number; readonly by: string; readonly verdict: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" }
  | { readonly do: "dismiss" | "close pull" | "conflict" | "draft" | "refuse"; readonly issue: number; readonly by: string }
  | GateAct
  | { readonly do: "rest" }
  | { readonly do: "go on" }
  | { readonly do: "coordinate" }
  | { readonly do: "fault"; readonly call: string; readonly status: number }
  | { readonly do: "look"; readonly issue: number; readonly times: number }
  | { readonly do: "pass"; readonly ms: number; readonly up: boolean };

/** One thing that happens, and how much the Rig does about it before the next. */
export type Step = Act & Pace;

interface Pace {
  readonly jobs: number;
  readonly pick: number;
}

export interface Story {
  readonly setup: Setup;
  readonly steps: readonly Step[];
}

const issue = fc.nat({ max: 2 });
const anybody = fc.constantFrom(...people);
const mostly = fc.oneof(
  { weight: 5, arbitrary: fc.constant("jonas" as const) },
  { weight: 3, arbitrary: fc.constant("maria" as const) },
  { weight: 2, arbitrary: anybody },
);
export const minutes = (n: number) => n * 60_000;
const spans = [
  0,
  1000,
  30_000,
  minutes(1),
  minutes(2),
  minutes(4),
  minutes(7),
  minutes(16),
  minutes(35),
  minutes(61),
  minutes(250),
  minutes(24 * 60),
];

const labels = fc.oneof(
  { weight: 6, arbitrary: fc.constant("agent-ready") },
  { weight: 2, arbitrary: fc.constantFrom("critical", "high-priority") },
  { weight: 1, arbitrary: fc.constant("rig:hold") },
);
/** 502: it was done, and nobody knows. 404 and 422 are for good. */
const faults = fc.oneof(
  fc.record({ call: fc.constantFrom("dispatch", "pulls.merge", "issues.createComment"), status: fc.constantFrom(502, 503, 404, 422) }),
  fc.record({
    call: fc.constantFrom("dispatch", "pulls.merge", "issues.createComment", "actions.cancelWorkflowRun"),
    status: fc.constantFrom(502, 503),
  }),
  fc.record({
    call: fc.constantFrom("repos.getCollaboratorPermissionLevel", "issues.get", "pulls.get", "graphql"),
    status: fc.constant(503),
  }),
);

export const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(...spans), up: fc.boolean().map((down) => !down) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(...spans.slice(3, 9)), up: fc.constant(true) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("label" as const), issue, by: mostly, label: labels }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("unlabel" as const), issue, by: mostly, label: labels }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("edit" as const), issue, by: anybody, what: fc.constantFrom("title", "body", "back") }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("say" as const), issue, by: mostly, text: fc.constantFrom(...commands), onPull: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("review" as const),
      issue,
      by: mostly,
      verdict: fc.constantFrom("APPROVED", "APPROVED", "CHANGES_REQUESTED", "COMMENTED"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("close", "reopen", "lock", "unlock"), issue, by: anybody }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("delete", "transfer"), issue, by: anybody }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("dismiss", "close pull", "conflict", "draft", "refuse"), issue, by: mostly }),
  },
  { weight: 8, arbitrary: gateAct },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("rest", "go on") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("coordinate" as const) }) },
  { weight: 1, arbitrary: faults.map((one) => ({ do: "fault" as const, ...one })) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("look" as const), issue, times: fc.integer({ min: 1, max: 3 }) }) },
) as fc.Arbitrary<Act>;

export const step: fc.Arbitrary<Step> = fc
  .record({ act, jobs: fc.oneof(fc.constant(1000), fc.nat({ max: 4 })), pick: fc.nat({ max: 5 }) })
  .map(({ act: one, jobs, pick }) => ({ ...one, jobs, pick }));

export const fates: fc.Arbitrary<Fates> = fc.record({
  work: fc.array(
    fc.oneof({ weight: 2, arbitrary: fc.constant("patch" as const) }, { weight: 1, arbitrary: fc.constantFrom(...workFates) }),
    { maxLength: 5 },
  ),
  review: fc.array(fc.oneof(fc.constant("approve" as const), fc.constantFrom(...reviewFates)), { maxLength: 3 }),
  checks: fc.array(fc.oneof(fc.constant("green" as const), fc.constantFrom(...checkFates)), { maxLength: 3 }),
  deploys: fc.array(fc.constantFrom(...deployFates), { maxLength: 2 }),
  smokes: fc.array(fc.constantFrom(...smokeFates), { maxLength: 4 }),
});

const bodies = ["Please.", "Please.", "Depends on #1", "Depends on #2"];
const files = fc.oneof(
  { weight: 2, arbitrary: fc.constant(["src/price.mjs"]) },
  { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom(...kinds.map(({ path }) => path)), { minLength: 1, maxLength: 3 }) },
);

const labelled = fc.constantFrom("filed" as const, "filed" as const, "for nothing" as const);

export const setup: fc.Arbitrary<Setup> = fc.record({
  policy: fc.constantFrom(...Object.values(policies)),
  owned: fc.constantFrom("one", "one", ...(Object.keys(ownerships) as Ownership[])),
  issues: fc.array(fc.record({ body: fc.constantFrom(...bodies), files, fates, labelled }, { requiredKeys: ["body", "files", "fates"] }), {
    minLength: 1,
    maxLength: 3,
  }),
  arrivals: fc.array(fc.constantFrom(1, 1, 1, 0, 2), { maxLength: 40 }),
});

/** Most stories begin with somebody who hands something over. */
const beginning: fc.Arbitrary<Step> = fc.record({
  ...{ do: fc.constant("label" as const), issue, by: fc.constantFrom("jonas", "maria"), label: fc.constant("agent-ready") },
  ...{ jobs: fc.constant(1000), pick: fc.constant(0) },
}) as fc.Arbitrary<Step>;

export const story: fc.Arbitrary<Story> = fc
  .record({ setup, first: fc.array(beginning, { minLength: 1, maxLength: 2 }), more: fc.array(step, { maxLength: 24 }) })
  .map(({ setup: of, first, more }) => ({ setup: of, steps: [...first, ...more] }));

/** What people do at once, and the looks that it leads to: any of them, in any order, any number of times. */
export interface Burst {
  readonly acts: readonly Step[];
  readonly looks: readonly number[];
  readonly pick: number;
}

const told: ReadonlySet<string> = new Set([
  "label",
  "unlabel",
  "edit",
  "close",
  "reopen",
  "lock",
  "unlock",
  "review",
  "dismiss",
  "push",
  "close pull",
]);

const handedOver = fc.record({ do: fc.constant("label" as const), issue, by: fc.constant("jonas"), label: fc.constant("agent-ready") });

export const burst: fc.Arbitrary<Burst> = fc.record({
  acts: fc.array(
    fc.oneof(
      step.filter((one) => told.has(one.do)),
      handedOver.map((one) => ({ ...one, jobs: 0, pick: 0 })),
    ),
    { minLength: 1, maxLength: 4 },
  ),
  looks: fc.array(issue, { maxLength: 5 }),
  pick: fc.nat({ max: 5 }),
});
