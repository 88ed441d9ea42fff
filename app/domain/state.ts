/** Where an issue stands, and what else follows from its history. */
import type { RunKind } from "./events.ts";
import type { RunId, Sha } from "./ids.ts";
import type { Issue } from "./issue.ts";
import type { Escalation, Gate, Run } from "./issue-parts.ts";

export const states = ["new", "queued", "assigned", "in_progress", "in_review", "waiting", "deploying", "held", "failed", "done"] as const;
export type IssueState = (typeof states)[number];

/** The one word for where an issue stands. It is derived, so no event can forget to set it. */
export function stateOf(issue: Issue): IssueState {
  if (issue.doneAt) return "done";
  if (issue.round) return roundState(issue);
  if (issue.watched) return watchedState(issue);
  if (issue.held) return "held";
  if (issue.escalation && issue.escalation.about !== "gate") return "failed";
  if (!issue.approval) return "new";
  if (issue.merged) return "deploying";
  // What waits for other issues stands in the queue, only not ready.
  if (issue.approval.stale || (issue.waiting && issue.waiting.for !== "dependency")) return "waiting";
  if (!issue.assignment) return needsNoAgent(issue) ? "in_review" : "queued";
  const run = liveRun(issue);
  if (run && run.kind !== "review") return run.startedAt || issue.pullRequest ? "in_progress" : "assigned";
  if (issue.pullRequest) return openGates(issue).length > 0 && issue.review?.result === "passed" ? "waiting" : "in_review";
  return runOf(issue, issue.assignment.runId)?.startedAt ? "in_progress" : "assigned";
}

/** How often a round is asked for again whose run was lost. */
const MOST_LOST = 2;

/** A round is over once its run has told its end, or was given up: nobody is asked to decide about it. */
function roundState({ runs }: Issue): IssueState {
  const last = runs.at(-1);
  if (last?.finished) return "done";
  if (!last?.stuck) return "in_progress";
  const lost = runs.filter(({ stuck }) => stuck).length;
  return last.stuck.cause === "infra" && lost <= MOST_LOST ? "in_progress" : "done";
}

/** What is being merged needs no agent, nor does what everybody agreed to and nothing is known to be in the way of. */
function needsNoAgent({ pullRequest, mergeRequestedFor, ci, review, mergeBlockedBy }: Issue): boolean {
  if (!pullRequest) return false;
  const { headSha } = pullRequest;
  if (mergeRequestedFor === headSha) return true;
  const agreed = ci?.headSha === headSha && ci.passed && review?.headSha === headSha && review.result === "passed";
  return agreed && mergeBlockedBy.length === 0;
}

/** A person's pull request is theirs: it waits for a gate, or it does not. */
function watchedState(issue: Issue): IssueState {
  if (issue.merged) return "done";
  if (!issue.pullRequest) return "new";
  if (issue.held) return "held";
  return openGates(issue).length > 0 ? "waiting" : "in_review";
}

/** The run that is under way, or was asked for and has not ended. */
export const liveRun = (issue: Issue): Run | undefined => issue.runs.findLast((run) => !run.finished && !run.fenced);

export const runOf = (issue: Issue, runId: string): Run | undefined => issue.runs.find((run) => run.runId === runId);

/** What messages about an escalation say that they are about. */
export const matterOf = ({ nth }: Pick<Escalation, "nth">): string => `escalation-${nth}`;

/** Gates of the present head that no person has waved through. */
export const openGates = (issue: Issue): readonly Gate[] =>
  issue.gates.filter((gate) => gate.headSha === issue.pullRequest?.headSha && gate.state !== "approved");

/** Whether an agent may be given the issue: it is queued, and no other issue has to be done first. */
export const isReady = (issue: Issue): boolean => stateOf(issue) === "queued" && issue.waiting === undefined;

/** Who asks where the Conductor itself does. */
export const RIG = "rig";

/** The Conductor asked about the text before any work: whoever approves it again wants it done as it is. */
export const isAskedBack = ({ waiting, asked, assignment }: Issue): boolean =>
  waiting?.for === "answer" && !assignment && asked.at(-1)?.by === RIG;

/** The kept work in progress that a run of this kind, from this commit, goes on with. */
export function resumable({ runs }: Issue, kind: RunKind, baseSha: Sha): RunId | undefined {
  const last = runs.findLast((run) => run.kind !== "review");
  // A run that had changed nothing yet kept its base.
  const kept = last?.checkpoint !== undefined && last.checkpoint !== last.baseSha;
  return kept && last.kind === kind && last.baseSha === baseSha ? last.runId : undefined;
}

/** Whether an agent instance is taken up by this issue. */
export const occupiesSlot = (issue: Issue): boolean =>
  issue.assignment !== undefined && !issue.merged && !["held", "failed", "done"].includes(stateOf(issue));
