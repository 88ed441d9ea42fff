/** What a repository may set in `.github/rig.yml`. An empty file is valid; an unknown key is an error. */
import { z } from "zod";
import { Duration } from "./duration.ts";
import { Architect, Deploy, Monitor } from "./production-policy.ts";

export type { MonitorProbe, ProbeSpec } from "./production-policy.ts";

const Agent = z.strictObject({
  workflow: z
    .string()
    .regex(/^[\w.-]+\.ya?ml$/, "the name of a workflow file, such as dev-e.yml")
    .optional()
    .describe("The workflow file that it runs in; `<name>.yml` unless told."),
  maxConcurrent: z.number().int().positive().prefault(2).describe("How many instances of it work at once."),
  character: z
    .string()
    .regex(/^(?:(?!\.\.?\/)[\w.-]+\/)*[\w.-]+\.json$/, "the path of a JSON file in this repository, such as .github/rig/dev-e.json")
    .optional()
    .describe("The file that fits its character to this repository; `.github/rig/<name>.json` unless told."),
});

/** Instances are called `<name>-1` and so on, so no name ends like one of them. */
export const agentName = /^(?!.*-\d+$)[a-z][a-z0-9-]{0,30}$/;

const Agents = z
  .object({
    "dev-e": Agent.prefault({}),
    "review-e": Agent.prefault({}),
    "monitor-e": Agent.prefault({ maxConcurrent: 1 }),
    "architect-e": Agent.prefault({ maxConcurrent: 1 }),
  })
  .catchall(Agent)
  .superRefine((agents, context) => {
    for (const name of Object.keys(agents).filter((one) => !agentName.test(one)))
      context.addIssue({
        code: "custom",
        path: [name],
        message:
          "an agent's name has small letters, digits and hyphens, begins with a letter, does not end with -<number> and is at most 31 long",
      });
  })
  .transform((agents) => {
    const named = Object.entries(agents).map(([name, agent]) => [name, { ...agent, workflow: agent.workflow ?? `${name}.yml` }] as const);
    return Object.fromEntries(named) as Readonly<Record<string, z.infer<typeof Agent> & { readonly workflow: string }>>;
  });

/** The gates that every repository has; a name beside them is a gate of the repository's own. */
export const gateNames: readonly string[] = ["auth", "payments", "schema", "deletion", "dependencies", "rules"];

const Approver = z.string().regex(/^@[\w-]+(\/[\w.-]+)?$/, "an approver is @user or @org/team");

const Gate = z.strictObject({
  paths: z.array(z.string()).optional(),
  content: z.array(z.string()).optional(),
  dependencies: z.boolean().optional(),
  approvers: z.array(Approver).min(1, "name somebody, or leave approvers out: then the code owners decide").optional(),
  enabled: z.boolean().prefault(true),
});
type Gate = z.infer<typeof Gate>;

/** What settings may not say: of the rig's own rules nothing is taken away, and a gate of one's own has something to look for. */
function gateFaults(name: string, gate: Gate): readonly { readonly path: readonly string[]; readonly message: string }[] {
  if (name === "rules")
    return [
      ...(gate.enabled ? [] : [{ path: ["enabled"], message: "the gate on the Rig's own rules cannot be switched off" }]),
      ...(gate.approvers ? [{ path: ["approvers"], message: "the gate on the Rig's own rules is opened by code owners alone" }] : []),
    ];
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    return [{ path: [], message: "a gate's name has small letters, digits and hyphens, begins with a letter and is at most 31 long" }];
  const looks = gateNames.includes(name) || gate.paths?.length || gate.content?.length || gate.dependencies;
  return looks
    ? []
    : [{ path: [], message: `a gate of your own needs paths, content or dependencies; the others are ${gateNames.join(", ")}` }];
}

const Gates = z.record(z.string(), Gate).superRefine((gates, context) => {
  for (const [name, gate] of Object.entries(gates))
    for (const { path, message } of gateFaults(name, gate)) context.addIssue({ code: "custom", path: [name, ...path], message });
});

export const Policy = z.strictObject({
  mode: z.enum(["active", "observe", "staged", "disabled"]).prefault("active"),
  trigger: z
    .strictObject({ label: z.string().prefault("agent-ready"), minPermission: z.enum(["write", "maintain", "admin"]).prefault("write") })
    .prefault({}),
  priority: z
    .strictObject({
      critical: z.array(z.string()).prefault(["critical"]),
      high: z.array(z.string()).prefault(["high-priority"]),
      interrupt: z.boolean().prefault(true),
    })
    .prefault({}),
  queue: z.strictObject({ maxConcurrent: z.number().int().positive().prefault(2) }).prefault({}),
  agents: Agents.prefault({}),
  limits: z
    .strictObject({
      usdPerRun: z.number().positive().prefault(5),
      usdPerIssue: z.number().positive().prefault(15),
      usdPerDay: z.number().positive().prefault(50),
      turnsPerRun: z.number().int().positive().prefault(60),
      minutesPerRun: z.number().positive().prefault(45),
      pushesPerPullRequest: z.number().int().positive().prefault(10),
      changedFiles: z.number().int().positive().prefault(40),
      changedLines: z.number().int().positive().prefault(1500),
      ciFixes: z.number().int().nonnegative().prefault(3),
      reviewRounds: z.number().int().nonnegative().prefault(3),
      smokeRetries: z.number().int().nonnegative().prefault(3),
      tokensPerRun: z.number().int().positive().prefault(20_000_000),
      tokensPerIssue: z.number().int().positive().prefault(60_000_000),
      tokensPerDay: z.number().int().positive().prefault(200_000_000),
      runsPerIssue: z.number().int().positive().prefault(20),
      runsPerDay: z.number().int().positive().prefault(100),
      /** Runs in a row, of whichever agent, that may leave the files and every verdict as they were. */
      idleRuns: z.number().int().positive().prefault(4),
      /** Runs that may be lost to runners, network and limits before a person is asked. */
      infraRetries: z.number().int().nonnegative().prefault(3),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      runnerStarts: Duration("15m"),
      /** A dispatched run that no runner has taken is shown as starving. */
      runnerStarved: Duration("5m"),
      heartbeat: Duration("5m"),
      /** Without a new file, a new test run or another call. */
      progress: Duration("15m"),
      /** What an interrupted agent gets to keep its work. */
      checkpoint: Duration("2m"),
      checks: Duration("60m"),
      deploy: Duration("30m"),
    })
    .prefault({}),
  strikes: z.number().int().positive().prefault(2),
  branch: z.string().prefault("rig/{issue}-{slug}-{attempt}"),
  stack: z.strictObject({ setup: z.string().optional(), build: z.string().optional(), test: z.string().optional() }).prefault({}),
  gates: Gates.prefault({}),
  /** Whether whoever asked for a change may also approve its gates. */
  gateApproval: z.strictObject({ byRequester: z.boolean().prefault(true) }).prefault({}),
  gateReminders: z.strictObject({ every: Duration("30m"), escalateAfter: Duration("4h") }).prefault({}),
  /** How often an escalation is repeated until somebody acknowledges it, and when it goes to everyone. */
  escalations: z.strictObject({ every: Duration("30m"), nextLevelAfter: Duration("4h") }).prefault({}),
  review: z
    .strictObject({
      peoples: z.boolean().prefault(false).describe("Review-E reads every pull request of a person, and not only those with `rig:review`."),
    })
    .prefault({}),
  merge: z
    .strictObject({
      method: z.enum(["squash", "merge", "rebase"]).prefault("squash"),
      auto: z.boolean().prefault(true),
      deleteBranch: z.boolean().prefault(true),
    })
    .prefault({}),
  deploy: Deploy.prefault({}),
  monitor: Monitor.prefault({}),
  architect: Architect.prefault({}),
  /** GitHub logins, or `everyone`, with the Discord user ids that an escalation may mention, separated by commas. */
  notify: z.record(z.string(), z.string()).prefault({}),
});
export type Policy = z.infer<typeof Policy>;

export const defaultPolicy: Policy = Policy.parse({});
