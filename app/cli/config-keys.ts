/** Every key of rig.yml, as its schema and one sentence each say it. */
import { z } from "zod";
import { Policy } from "../domain/policy.ts";

export interface ConfigKey {
  /** `merge.method`; `<name>` stands for a name of one's own. */
  readonly key: string;
  readonly type: string;
  /** Undefined: without it there is none. */
  readonly fallback: unknown;
  readonly says: string;
}

type Schema = z.core.JSONSchema.JSONSchema;

/** In the order of the schema. */
export const configKeys = (): readonly ConfigKey[] => keysOf(z.toJSONSchema(Policy, { io: "input" }));

export function keysOf(schema: Schema, path: readonly string[] = []): readonly ConfigKey[] {
  const properties = Object.entries(schema.properties ?? {}) as [string, Schema][];
  return properties.flatMap(([name, value]) => {
    const here = [...path, name];
    const inner = value.type === "array" ? [] : [...keysOf(value, here), ...keysOf(ofAnyName(value), [...here, "<name>"])];
    if (inner.length > 0) return inner;
    const key = here.join(".");
    return [{ key, type: typeOf(value), fallback: value.default, says: sentences[key] ?? value.description ?? "" }];
  });
}

const ofAnyName = ({ additionalProperties }: Schema): Schema => (typeof additionalProperties === "object" ? additionalProperties : {});

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.pattern?.includes("ms|s|m|h|d")) return "duration (`2s`, `30m`, `4h`)";
  if (schema.type === "array") return `list of ${typeOf((schema.items ?? {}) as Schema)}`;
  if (schema.type === "object" && schema.properties) return `{${Object.keys(schema.properties).join(", ")}}`;
  if (schema.type === "object") return `name → ${typeOf(ofAnyName(schema))}`;
  return String(schema.type ?? "any");
}

/** What the schema itself does not describe. */
export const sentences: Readonly<Record<string, string>> = {
  mode: "`active` works, `observe` and `staged` record and show without starting anything, `disabled` does nothing at all.",
  "trigger.label": "The label by which a person hands an issue over.",
  "trigger.minPermission": "The least that whoever puts the label on must be allowed in the repository.",
  "priority.critical": "Labels that make an issue critical: it goes before all others.",
  "priority.high": "Labels that make an issue go before normal ones.",
  "priority.interrupt": "A critical issue without a free slot interrupts the lowest, youngest normal run.",
  "queue.maxConcurrent": "How many issues of the repository agents work on at once.",
  "agents.review-e.maxConcurrent": "With two or more, a head that one instance cannot judge is read by another; reviews take up no slot.",
  "agents.monitor-e.maxConcurrent": "Without effect: its rounds take up no slot.",
  "agents.architect-e.maxConcurrent": "Without effect: it makes one round at a time.",
  "limits.usdPerRun": "Dollars that one run may cost.",
  "limits.usdPerIssue": "Dollars that an issue may cost in all; `/rig budget` changes it for one.",
  "limits.usdPerDay": "Dollars that the repository may cost in a UTC day.",
  "limits.turnsPerRun": "Turns of the model in one run.",
  "limits.minutesPerRun": "Minutes that one run may take.",
  "limits.pushesPerPullRequest": "Pushes of an agent to one pull request.",
  "limits.changedFiles": "Files that an agent's change may touch.",
  "limits.changedLines": "Lines that an agent's change may touch.",
  "limits.ciFixes": "How often an agent may try to make failed checks pass.",
  "limits.reviewRounds":
    "How often an agent may answer a review before a person decides; of a person's pull request, how many heads are read without being asked about each.",
  "limits.smokeRetries": "How often a smoke check may fail before a person is asked.",
  "limits.tokensPerRun": "Tokens that one run may use.",
  "limits.tokensPerIssue": "Tokens that an issue may use in all.",
  "limits.tokensPerDay": "Tokens that the repository may use in a UTC day.",
  "limits.runsPerIssue": "Runs that an issue may have.",
  "limits.runsPerDay": "Runs that the repository may have in a UTC day.",
  "limits.idleRuns": "Runs in a row that may leave the files and every verdict as they were.",
  "limits.infraRetries": "Runs that may be lost to runners, network and limits before a person is asked.",
  "timeouts.runnerStarts": "How long a dispatched run may wait for a runner before it is given up.",
  "timeouts.runnerStarved": "How long a dispatched run may wait for a runner before it is shown as starving.",
  "timeouts.heartbeat": "How long a run may be silent before it is taken for dead.",
  "timeouts.progress": "How long a run may go without a new file, a new test run or another call.",
  "timeouts.checkpoint": "How long an interrupted agent gets to keep its work.",
  "timeouts.checks": "How long the required checks of a head may take.",
  "timeouts.deploy": "How long a deployment may take.",
  strikes: "Attempts that may fail by the agent's own fault before a person is asked.",
  branch: "How an agent's branch is called.",
  "stack.setup": "The command that prepares a fresh checkout.",
  "stack.build": "The command that builds it.",
  "stack.test": "The command that tests it.",
  "gates.<name>.paths": "Globs: a change to a file of such a name raises the gate, besides what raises it anyway.",
  "gates.<name>.content": "RE2 patterns: a changed line that has one raises the gate.",
  "gates.<name>.dependencies": "A new third-party dependency raises the gate.",
  "gates.<name>.approvers": "`@user` and `@org/team` who may open the gate in place of the code owners.",
  "gates.<name>.enabled": "`false` switches the gate off; the gate over the Rig's own rules cannot be.",
  "gateApproval.byRequester": "Whoever asked for a change may also approve its gates.",
  "gateReminders.every": "How often people are reminded of a gate that waits.",
  "gateReminders.escalateAfter": "When a gate that waits becomes the CTO's.",
  "escalations.every": "How often an escalation is repeated until somebody acknowledges it.",
  "escalations.nextLevelAfter": "When an escalation that nobody acknowledged goes to everyone.",
  "merge.method": "How the Conductor merges.",
  "merge.auto": "The Conductor merges once every requirement holds; `false` leaves that to people.",
  "merge.deleteBranch": "The branch is deleted after the merge.",
  "deploy.staging.workflow": "The workflow file that deploys to staging; without it somebody else does, and the Rig watches.",
  "deploy.staging.environment": "What GitHub calls the environment.",
  "deploy.staging.smoke": "Requests whose answers show that staging works.",
  "deploy.production.workflow": "The workflow file that deploys to production; without it somebody else does, and the Rig watches.",
  "deploy.production.environment": "What GitHub calls the environment.",
  "deploy.production.verify": "Requests whose answers show that the merged commit is live and healthy.",
  "monitor.probes": "Requests that are sent over and over; `failures` bad answers in a row are an incident.",
  "monitor.alerts.match": "Labels by which an alert of Alertmanager or Grafana belongs to this repository; without them no alert does.",
  "monitor.autoReady": "Whether an incident's issue, as the Rig wrote it, is handed to the agents without a person.",
  "architect.schedule": "When Architect-E looks for work to propose, as a cron line in UTC; absent: only when its workflow is started.",
  "architect.maxProposals": "How many it may propose at once.",
  notify: "GitHub logins, or `everyone`, with the Discord user ids that an escalation may mention, separated by commas.",
};
