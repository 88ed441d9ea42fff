import type { Cause, EventData, FailedCheck, Finding, Priority, RunKind, WaitingFor } from "./events.ts";
import type { AgentId, PrNumber, RunId, Sha } from "./ids.ts";

export interface Approval {
  readonly title: string;
  readonly body: string;
  readonly bodyHash: string;
  readonly approvedBy: string;
  readonly actId: string;
  readonly at: Date;
  /** The text changed since: nothing new starts, nothing merges (R3). */
  readonly stale: boolean;
}

/** An agent instance has the issue. Only while it holds a slot does it count against the capacity. */
export interface Assignment {
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly branch: string;
  readonly attempt: number;
  readonly since: Date;
}

export interface Run {
  readonly runId: RunId;
  readonly agent: string;
  readonly agentId: AgentId;
  readonly kind: RunKind;
  /** Where it works: for a review, the head it reads. */
  readonly baseSha: Sha;
  readonly requestedAt: Date;
  readonly startedAt?: Date;
  readonly lastSeenAt?: Date;
  readonly finished?: { readonly outcome: EventData<"RUN_FINISHED">["outcome"]; readonly at: Date; readonly summary?: string };
  readonly stuck?: { readonly cause: Cause; readonly reason: string; readonly at: Date };
  /** Late words of a fenced run change nothing (F21). */
  readonly fenced: boolean;
}

export interface Gate {
  readonly name: string;
  readonly headSha: Sha;
  readonly evidence: readonly { readonly path: string; readonly because: string }[];
  readonly approvers: readonly string[];
  readonly since: Date;
  readonly reminders: number;
  readonly escalated: boolean;
  readonly state: "waiting" | "approved" | "rejected";
  readonly by?: string;
  readonly decidedAt?: Date;
}

export interface Review {
  readonly headSha: Sha;
  readonly result: "requested" | "passed" | "changes_requested";
  readonly reviewer?: string;
  readonly reviewId?: number;
  readonly findings: readonly Finding[];
}

/** How far the merge has come in one environment. */
export interface Release {
  readonly requests: number;
  readonly requestedAt?: Date;
  readonly deployedAt?: Date;
  readonly url?: string;
  readonly healthyAt?: Date;
  readonly smokeFailures: number;
}

/** What the history of one issue adds up to. */
export interface Issue {
  readonly approval?: Approval;
  readonly priority: Priority;
  readonly attempts: number;
  readonly strikes: number;
  readonly infraFailures: number;
  readonly assignment?: Assignment;
  /** Oldest first; the last one of an agent is the one that counts. */
  readonly runs: readonly Run[];
  readonly pullRequest?: {
    readonly number: PrNumber;
    readonly url: string;
    readonly branch: string;
    readonly headSha: Sha;
    readonly pushes: number;
    readonly since: Date;
  };
  readonly ci?: { readonly headSha: Sha; readonly passed: boolean; readonly failedChecks: readonly FailedCheck[] };
  readonly ciFixes: number;
  readonly review?: Review;
  readonly reviewRounds: number;
  readonly gates: readonly Gate[];
  readonly mergeRequestedFor?: Sha;
  readonly mergeBlockedBy: readonly string[];
  readonly merged?: { readonly headSha: Sha; readonly mergeSha: Sha; readonly at: Date };
  readonly release: { readonly staging: Release; readonly production: Release };
  readonly verifiedAt?: Date;
  readonly waiting?: { readonly for: WaitingFor; readonly reason: string };
  readonly held?: { readonly by: string; readonly reason: string };
  readonly escalation?: { readonly about: EventData<"ESCALATED">["about"]; readonly reason: string; readonly at: Date };
  readonly doneAt?: Date;
  readonly usd: number;
  readonly humanWaitMinutes: number;
}

export const noRelease: Release = { requests: 0, smokeFailures: 0 };

export const newIssue: Issue = {
  priority: "normal",
  attempts: 0,
  strikes: 0,
  infraFailures: 0,
  runs: [],
  ciFixes: 0,
  reviewRounds: 0,
  gates: [],
  mergeBlockedBy: [],
  release: { staging: noRelease, production: noRelease },
  usd: 0,
  humanWaitMinutes: 0,
};

export const states = ["new", "queued", "assigned", "in_progress", "in_review", "waiting", "deploying", "held", "failed", "done"] as const;
export type IssueState = (typeof states)[number];

/** The one word for where an issue stands. It is derived, so no event can forget to set it. */
export function stateOf(issue: Issue): IssueState {
  if (issue.doneAt) return "done";
  if (issue.held) return "held";
  if (issue.escalation && issue.escalation.about !== "gate") return "failed";
  if (!issue.approval) return "new";
  if (issue.merged) return "deploying";
  if (issue.waiting || issue.approval.stale) return "waiting";
  if (!issue.assignment) return "queued";
  const run = liveRun(issue);
  if (run && run.kind !== "review") return run.startedAt || issue.pullRequest ? "in_progress" : "assigned";
  if (issue.pullRequest) return openGates(issue).length > 0 && issue.review?.result === "passed" ? "waiting" : "in_review";
  return runOf(issue, issue.assignment.runId)?.startedAt ? "in_progress" : "assigned";
}

/** The run that is under way, or was asked for and has not ended. */
export const liveRun = (issue: Issue): Run | undefined => issue.runs.findLast((run) => !run.finished && !run.fenced);

export const runOf = (issue: Issue, runId: string): Run | undefined => issue.runs.find((run) => run.runId === runId);

/** Gates of the present head that no person has waved through. */
export const openGates = (issue: Issue): readonly Gate[] =>
  issue.gates.filter((gate) => gate.headSha === issue.pullRequest?.headSha && gate.state !== "approved");

/** Whether an agent instance is taken up by this issue. */
export const occupiesSlot = (issue: Issue): boolean =>
  issue.assignment !== undefined && !issue.merged && !["held", "failed", "done"].includes(stateOf(issue));
