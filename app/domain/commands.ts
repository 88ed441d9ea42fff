/** The one list of what the Rig may do to the world. Every command is a row in `effects` before it is an act. */
import { z } from "zod";
import { Environment } from "./events/words.ts";
import { PrNumber, RunId, Sha } from "./ids.ts";

/** A place where people see the state of an issue. */
export const surfaces = [
  "issue-comment",
  "pr-comment",
  "labels",
  "gate-labels",
  "gates-check",
  "merge-group-check",
  "config-check",
  "discord-card",
  "discord-board",
  "incident-card",
] as const;
export type Surface = (typeof surfaces)[number];

/** A remark of a check on lines of a file of the head. */
const Annotation = z.object({
  path: z.string(),
  line: z.number().int().positive(),
  level: z.enum(["notice", "warning", "failure"]),
  title: z.string(),
  message: z.string(),
});
export type Annotation = z.infer<typeof Annotation>;

/** A check run's picture. */
const CheckRun = z.object({
  name: z.string(),
  headSha: Sha,
  status: z.enum(["in_progress", "completed"]),
  conclusion: z.enum(["success", "failure", "action_required"]).optional(),
  title: z.string(),
  summary: z.string(),
  text: z.string().optional(),
  annotations: z.array(Annotation).optional(),
  /** Buttons that GitHub shows on it; three at most. */
  actions: z.array(z.object({ label: z.string().max(20), description: z.string().max(40), identifier: z.string().max(20) })).optional(),
});
const DiscordMessage = z.object({
  title: z.string(),
  url: z.string().optional(),
  color: z.number().int(),
  description: z.string(),
  fields: z.array(z.object({ name: z.string(), value: z.string(), inline: z.boolean().optional() })),
  /** Discord user ids that this message may ping. */
  mentions: z.array(z.string()),
});
export type CheckRun = z.infer<typeof CheckRun>;
export type DiscordMessage = z.infer<typeof DiscordMessage>;

/** What a surface is to show. */
export const Rendering = z.discriminatedUnion("surface", [
  z.object({ surface: z.enum(["issue-comment", "pr-comment"]), number: z.number().int().positive(), body: z.string() }),
  z.object({ surface: z.literal("labels"), number: z.number().int().positive(), add: z.string().optional(), family: z.string() }),
  z.object({ surface: z.literal("gate-labels"), number: z.number().int().positive(), names: z.array(z.string()), prefix: z.string() }),
  z.object({ surface: z.enum(["gates-check", "merge-group-check", "config-check"]), check: CheckRun }),
  z.object({ surface: z.enum(["discord-card", "discord-board", "incident-card"]), message: DiscordMessage }),
]);
export type Rendering = z.infer<typeof Rendering>;

export const commandData = {
  DISPATCH_RUN: z.object({ runId: RunId, workflow: z.string(), ref: z.string() }).describe("Starts an agent's workflow with the run's id."),
  CANCEL_RUN: z.object({ runId: RunId }).describe("Ends an agent's workflow run."),
  MERGE: z
    .object({ prNumber: PrNumber, headSha: Sha, method: z.enum(["squash", "merge", "rebase"]) })
    .describe("Merges this head and no other."),
  DELETE_BRANCH: z.object({ branch: z.string() }).describe("Deletes the branch of a merged pull request."),
  DEPLOY: z
    .object({ environment: Environment, workflow: z.string(), ref: z.string(), sha: Sha })
    .describe("Starts the repository's deployment workflow."),
  SMOKE: z
    .object({ environment: Environment, workflow: z.string(), ref: z.string(), sha: Sha })
    .describe("Starts the repository's workflow that checks an environment."),
  FILE_ISSUE: z
    .object({
      title: z.string().max(256),
      body: z.string(),
      labels: z.array(z.string()),
      /** The first line of the text, by which an issue that was filed already is found: an HTML comment. */
      marker: z.string(),
    })
    .describe("Opens an issue: an incident's, or a proposal's."),
  REOPEN_ISSUE: z
    .object({ number: z.number().int().positive() })
    .describe("Opens the issue again that a merge closed and that is not done."),
  OPEN_REVERT: z
    .object({ toSha: Sha, by: z.string(), branch: z.string(), base: z.string(), title: z.string(), body: z.string() })
    .describe("Opens the pull request that takes the default branch back to a commit, because a person asked for that."),
  SHOW: z.object({ hash: z.string(), rendering: Rendering }).describe("Makes a surface show the present state."),
  NOTIFY: z
    .object({
      channel: z.string(),
      message: DiscordMessage,
      /** What it is about: of one matter of an issue only the newest message that still waits is sent. */
      about: z.string().optional(),
      /** The key of an earlier NOTIFY: once this message is there, that one is taken away. */
      replaces: z.string().optional(),
    })
    .describe("Tells people in Discord that they are needed."),
  REACT: z
    .object({ commentId: z.number().int(), contents: z.array(z.enum(["eyes", "rocket", "-1", "confused"])) })
    .describe("Answers a spoken command with reactions, in this order."),
  COMMENT: z
    .object({ number: z.number().int().positive(), body: z.string(), about: z.string().optional() })
    .describe("Says something once on an issue or a pull request: a reply, or an escalation that has to reach people."),
  OVERRULE_REVIEW: z
    .object({ prNumber: PrNumber, headSha: Sha, by: z.string() })
    .describe("Takes back, as Review-E, its requests for changes that a person overruled, and turns its check on that head green."),
  ADD_LABEL: z.object({ label: z.string() }).describe("Puts a label on the issue that shows what a person decided otherwise."),
  CLOSE_ISSUE: z.object({ reason: z.literal("not_planned") }).describe("Closes the issue, because a person decided so."),
  CLOSE_PULL_REQUEST: z.object({ prNumber: PrNumber }).describe("Closes the pull request of an attempt that failed."),
} as const;

export type CommandKind = keyof typeof commandData;
export type CommandData<K extends CommandKind> = z.infer<(typeof commandData)[K]>;

/** `Command` is any command, `Command<"MERGE">` is one of them. */
export type Command<K extends CommandKind = CommandKind> = { [C in K]: { readonly kind: C; readonly data: CommandData<C> } }[K];

/** A command in its place: its key can be planned once for ever. Of one lane only one is under way at a time, and of SHOW only the newest matters. */
export type PlannedCommand = Command & { readonly key: string; readonly lane?: string };

/** How an effect ended, as decisions see it. */
export interface EffectOutcome {
  readonly key: string;
  readonly kind: CommandKind;
  readonly state: "planned" | "sent" | "confirmed" | "dead" | "superseded";
  readonly data: unknown;
  readonly response: unknown;
  readonly error?: string;
  readonly settledAt?: Date;
}
