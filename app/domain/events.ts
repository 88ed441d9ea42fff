/** The one list of what can happen. Types, validation, the JSON Schema and the table in docs/events.md all come from here. */
import { z } from "zod";
import { AgentId, IssueNumber, PrNumber, RunId, Sha } from "./ids.ts";

export const Priority = z.enum(["critical", "high", "normal"]);
/** What decides whether an unassignment counts as a strike: only `agent` does. */
export const Cause = z.enum(["agent", "infra", "human", "superseded", "preempted"]);
export const Environment = z.enum(["staging", "production"]);
export const RunKind = z.enum(["implement", "fix-ci", "answer-review", "rebase", "fix-smoke", "review"]);
export const Outcome = z.enum(["patch", "review", "question", "blocked", "stuck", "limit_reached", "nothing_to_do", "failed"]);
export const WaitingFor = z.enum(["dependency", "answer", "plan", "capability", "budget", "approval"]);
/** What an escalation is about; all but `gate` stop the issue until a person decides. */
export const EscalationAbout = z.enum(["strikes", "gate", "bound", "effect", "smoke", "runner"]);

const Login = z.string().min(1);
const Text = z.string();
const Count = z.number().int().nonnegative();
const Usd = z.number().nonnegative();
const Check = z.object({ name: z.string(), url: z.string(), summary: z.string() });
const Finding = z.object({ by: z.string(), path: z.string().optional(), line: z.number().int().positive().optional(), text: z.string() });
const Probe = z.object({ url: z.string(), ok: z.boolean(), detail: z.string() });
const Requirement = z.object({ name: z.string(), ok: z.boolean(), because: z.string() });
const onHead = { prNumber: PrNumber, headSha: Sha };
const live = { environment: Environment, sha: Sha };

export const eventData = {
  // The issue and its approval
  ISSUE_APPROVED: z
    .object({
      title: Text,
      body: Text,
      bodyHash: z.string(),
      priority: Priority,
      dependsOn: z.array(z.string()),
      approvedBy: Login,
      milestone: z.string().optional(),
      actId: z.string(),
    })
    .describe("A person with write permission put the trigger label on the issue; the text is frozen here. `actId` is the timeline's."),
  APPROVAL_STALE: z.object({ changedBy: Login, newHash: z.string() }).describe("The issue's title or body changed after it was approved."),
  ISSUE_WITHDRAWN: z
    .object({ by: Login, reason: Text })
    .describe("The approval was taken back: the label was removed or the issue closed."),
  PRIORITY_CHANGED: z
    .object({ from: Priority, to: Priority, by: Login })
    .describe("A priority label came or went, or `/rig priority` was spoken."),
  ISSUE_WAITING: z.object({ reason: Text, for: WaitingFor }).describe("Nothing goes on until something named here happens."),
  ISSUE_RESUMED: z.object({ reason: Text, for: WaitingFor }).describe("What the issue waited for has happened."),
  ISSUE_HELD: z
    .object({ by: Login, reason: Text })
    .describe("A person took the issue out of the Rig's hands for now: `rig:hold`, or they closed its pull request."),
  ISSUE_RELEASED: z.object({ by: Login, reason: Text }).describe("A person gave a held or failed issue back."),
  ISSUE_DONE: z
    .object({ durationMinutes: z.number(), attempts: Count, usd: Usd, humanWaitMinutes: z.number() })
    .describe("Verified in production, or merged where nothing is deployed."),
  MILESTONE_COMPLETE: z.object({ milestone: Text, issueCount: Count }).describe("Every issue of the milestone is done."),

  // Who works, and how it goes
  ISSUE_ASSIGNED: z
    .object({ agentId: AgentId, attempt: z.number().int().positive(), branch: z.string(), runId: RunId })
    .describe("The Conductor chose an agent."),
  ISSUE_UNASSIGNED: z.object({ agentId: AgentId, runId: RunId, cause: Cause, reason: Text }).describe("The agent no longer has the issue."),
  RUN_REQUESTED: z
    .object({
      runId: RunId,
      agent: z.string(),
      agentId: AgentId,
      kind: RunKind,
      attempt: z.number().int().positive(),
      branch: z.string(),
      baseSha: Sha,
      prNumber: PrNumber.optional(),
      findings: z.array(Finding),
      workflowRunId: z.number().int().optional(),
    })
    .describe(
      "The Conductor wants a run of an agent: its workflow is dispatched with this run id, or `workflowRunId`, which a person started, claims it.",
    ),
  WORK_STARTED: z.object({ agentId: AgentId, runId: RunId, workflowRunUrl: z.string() }).describe("The run claimed its task."),
  HEARTBEAT: z
    .object({
      agentId: AgentId,
      status: z.enum(["idle", "working", "draining"]),
      runId: RunId.optional(),
      progress: z.object({ turns: Count, toolCalls: Count, lastCommit: z.string().optional() }),
    })
    .describe("The runtime, never the model, says that it lives; the latest is kept."),
  RUN_FINISHED: z
    .object({
      runId: RunId,
      outcome: Outcome,
      usd: Usd,
      tokens: z.object({ input: Count, output: Count, cacheRead: Count, cacheWrite: Count }),
      turns: Count,
      minutes: z.number().nonnegative(),
      testsExitCode: z.number().int().optional(),
      summary: z.string().max(4000).optional(),
    })
    .describe("The runtime ended, with one of the closed set of outcomes."),
  AGENT_STUCK: z
    .object({ agentId: AgentId, runId: RunId, attempt: Count, cause: Cause, reason: Text, fingerprint: z.string() })
    .describe("The agent says that it cannot go on, or it was silent, or it made no progress."),
  GUARD_BLOCKED: z
    .object({ runId: RunId, rule: z.string(), detail: z.string().max(2000) })
    .describe("A rule stopped something a run tried; the detail is redacted."),
  QUESTION_ASKED: z.object({ text: Text, by: Login }).describe("An agent asks instead of guessing."),
  QUESTION_ANSWERED: z.object({ text: Text, by: Login }).describe("A person answered the agent's question."),
  BUDGET_EXCEEDED: z
    .object({ scope: z.enum(["run", "issue", "day"]), limit: Usd, spent: Usd })
    .describe("A budget is spent; the gateway answers no more."),

  // The pull request
  BRANCH_CREATED: z.object({ agentId: AgentId, branch: z.string(), baseSha: Sha }).describe("The publish job pushed the branch."),
  PR_CREATED: z
    .object({ prNumber: PrNumber, prUrl: z.string(), branch: z.string(), headSha: Sha })
    .describe("The pull request of the issue's branch exists."),
  PR_UPDATED: z
    .object({ ...onHead, previousSha: Sha })
    .describe("The head moved: CI, review and gate approvals of the old head no longer count."),
  PR_CLOSED: z.object({ prNumber: PrNumber, by: Login }).describe("The pull request was closed unmerged."),
  CI_PASSED: z.object({ ...onHead, checks: z.array(z.string()) }).describe("Every required check of this head concluded well."),
  CI_FAILED: z
    .object({ ...onHead, failedChecks: z.array(Check), preExisting: z.array(z.string()) })
    .describe("Every required check of this head concluded, and not all well."),
  REVIEW_REQUESTED: z.object({ ...onHead, iteration: z.number().int().positive() }).describe("The head is ready for Review-E."),
  REVIEW_PASSED: z.object({ ...onHead, reviewer: Login, reviewId: z.number().int() }).describe("Review-E approved that head."),
  REVIEW_CHANGES_REQUESTED: z
    .object({ ...onHead, iteration: z.number().int().positive(), reviewer: Login, reviewId: z.number().int(), findings: z.array(Finding) })
    .describe("Review-E, or a person, wants changes to that head."),
  REVIEW_DISPUTED: z
    .object({ ...onHead, iteration: Count, by: Login, why: Text })
    .describe("The author objects to a finding instead of changing; a person decides after one exchange."),
  REVIEW_OVERRULED: z.object({ prNumber: PrNumber, by: Login, why: Text }).describe("A person ends the dispute."),

  // Human gates
  HUMAN_GATE_TRIGGERED: z
    .object({
      ...onHead,
      gate: z.string(),
      evidence: z.array(z.object({ path: z.string(), because: z.string() })),
      approvers: z.array(Login),
    })
    .describe("This head touches something only a person may wave through."),
  HUMAN_GATE_REMINDER: z
    .object({ prNumber: PrNumber, gate: z.string(), waitedMinutes: z.number(), nth: z.number().int().positive() })
    .describe("A gate has waited another interval."),
  HUMAN_GATE_APPROVED: z
    .object({ ...onHead, gate: z.string(), by: Login, reviewId: z.number().int() })
    .describe("A code owner approved this very head."),
  HUMAN_GATE_REJECTED: z
    .object({ ...onHead, gate: z.string(), by: Login, reason: Text })
    .describe("A person who may decide said no to this head."),
  HUMAN_GATE_VOIDED: z
    .object({ ...onHead, gate: z.string(), reason: Text })
    .describe("What the gate's approval or request stood on changed."),

  // Merge and release
  MERGE_REQUESTED: z
    .object({ ...onHead, verdict: z.array(Requirement) })
    .describe("Every requirement holds for this head, so the Conductor merges it."),
  MERGE_BLOCKED: z
    .object({ ...onHead, reasons: z.array(z.string()) })
    .describe("What stands between this head and the merge; said once per change of reasons."),
  MERGED: z.object({ ...onHead, mergeSha: Sha, mergedBy: Login }).describe("GitHub shows the pull request as merged."),
  DEPLOY_REQUESTED: z.object({ ...live, attempt: z.number().int().positive() }).describe("The Conductor starts a deployment."),
  DEPLOYED_STAGING: z
    .object({ environment: z.literal("staging"), sha: Sha, deploymentId: z.number().int(), url: z.string() })
    .describe("GitHub shows a successful staging deployment that contains the merge."),
  DEPLOYED_PRODUCTION: z
    .object({ environment: z.literal("production"), sha: Sha, deploymentId: z.number().int(), url: z.string() })
    .describe("GitHub shows a successful production deployment that contains the merge."),
  DEPLOY_FAILED: z
    .object({ ...live, deploymentId: z.number().int().optional(), reason: Text })
    .describe("A deployment of the merge ended badly or did not come in time."),
  SMOKE_PASSED: z.object({ ...live, checks: z.array(Probe) }).describe("Every smoke check of the environment holds for the merge."),
  SMOKE_FAILED: z
    .object({ ...live, failed: z.array(Probe), retry: Count, maxRetries: Count, cause: z.enum(["code", "external_dependency"]) })
    .describe("A smoke check still fails at its deadline."),
  VERIFIED: z.object({ ...live, probes: z.array(Probe) }).describe("The merge commit was seen live and healthy."),
  ROLLBACK_REQUESTED: z.object({ by: Login, fromSha: Sha, toSha: Sha }).describe("A person of `RIG_CTO` asked for the way back."),
  ROLLED_BACK: z.object({ by: Login, fromSha: Sha, toSha: Sha }).describe("The way back was taken."),

  // People are asked
  ESCALATED: z
    .object({ level: z.enum(["cto"]), about: EscalationAbout, reason: Text, attempts: Count, options: z.array(z.string()) })
    .describe("The Rig stops trying and asks a person."),
  ESCALATION_NOTIFIED: z
    .object({ channel: z.string(), messageId: z.string() })
    .describe("The escalation reached a channel, with the proof."),
  ESCALATION_ACKNOWLEDGED: z.object({ by: Login }).describe("A person has seen it."),
  ESCALATION_RESOLVED: z.object({ by: Login, decision: Text }).describe("A person decided."),
  COMMAND_RECEIVED: z
    .object({
      verb: z.string(),
      args: z.string(),
      by: Login,
      verdict: z.enum(["accepted", "refused", "unknown"]),
      commentId: z.number().int(),
    })
    .describe("A person spoke a slash command; accepted or refused, it is history."),

  // Production, proposals, configuration
  INCIDENT_DETECTED: z
    .object({
      fingerprint: z.string(),
      severity: z.enum(["critical", "warning", "info"]),
      service: Text,
      signal: Text,
      startedAt: z.iso.datetime(),
      suspects: z.array(z.string()),
    })
    .describe("Production shows a fault that was not known."),
  INCIDENT_RESOLVED: z.object({ fingerprint: z.string(), durationMinutes: z.number() }).describe("The signal is gone."),
  PROPOSAL_CREATED: z.object({ issueNumber: IssueNumber, kind: z.string(), rationale: Text }).describe("Architect-E proposes work."),
  PROPOSAL_APPROVED: z.object({ issueNumber: IssueNumber, by: Login }).describe("A person wants the proposal done."),
  PROPOSAL_REJECTED: z.object({ issueNumber: IssueNumber, by: Login }).describe("A person closed the proposal."),
  CONFIG_CHANGED: z.object({ sha: Sha }).describe("The default branch carries a new valid configuration."),
  CONFIG_INVALID: z
    .object({ sha: Sha, errors: z.array(z.object({ line: z.number().int(), message: z.string() })) })
    .describe("The default branch's configuration cannot be read; the last good one stays in force."),
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;
export type Priority = z.infer<typeof Priority>;
export type Cause = z.infer<typeof Cause>;
export type Environment = z.infer<typeof Environment>;
export type RunKind = z.infer<typeof RunKind>;
export type WaitingFor = z.infer<typeof WaitingFor>;
export type Probe = z.infer<typeof Probe>;
export type Finding = z.infer<typeof Finding>;
export type Requirement = z.infer<typeof Requirement>;
export type FailedCheck = z.infer<typeof Check>;

/** `RigEvent` is any event, `RigEvent<"CI_PASSED">` is one of them. */
export type RigEvent<T extends EventType = EventType> = { [K in T]: { readonly type: K; readonly data: EventData<K> } }[T];

export const eventTypes = Object.keys(eventData) as EventType[];

export const isEventType = (name: string): name is EventType => Object.hasOwn(eventData, name);

/** Reads an event from outside; throws zod's error where the data does not fit its type. */
export function parseEvent(type: EventType, data: unknown): RigEvent {
  return { type, data: eventData[type].parse(data) } as RigEvent;
}
