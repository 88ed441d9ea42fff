import type { EventType, RigEvent } from "./events.ts";
import type { Issue } from "./issue.ts";
import { runOf, stateOf } from "./state.ts";

type Judge<T extends EventType> = (issue: Issue, data: RigEvent<T>["data"]) => string | undefined;

const knownRun = (issue: Issue, { runId }: { readonly runId: string }): string | undefined => {
  const run = runOf(issue, runId);
  if (!run) return `run ${runId} was never asked for here`;
  if (run.fenced) return `run ${runId} was superseded`;
  return run.finished ? `run ${runId} has already finished` : undefined;
};

/** An author objects to what it was asked to answer, and not to what a person decided already. */
function undisputable({ review, runs }: Issue, { headSha, runId, findings }: RigEvent<"REVIEW_DISPUTED">["data"]): string | undefined {
  const run = runs.find((one) => one.runId === runId);
  if (run?.kind !== "answer-review" || run.baseSha !== headSha) return `run ${runId} has no review of this head to answer`;
  const asked = [...(run.findings ?? []), ...(review?.findings ?? [])];
  for (const { id } of findings) {
    const finding = asked.filter((one) => one.id === id);
    if (finding.length === 0) return `${id} is no finding it was given`;
    if (finding.some(({ upheld }) => upheld)) return `a person decided that ${id} stands`;
  }
  return undefined;
}

/** What an issue may not be told now, and why. A type without a line is always taken. */
const judges: { readonly [T in EventType]?: Judge<T> } = {
  ROUND_REQUESTED: (issue) => (issue.round ? "the round was asked for already" : undefined),
  ISSUE_APPROVED: (issue) => (issue.doneAt ? "the issue is done" : undefined),
  ISSUE_ASSIGNED: (issue) =>
    stateOf(issue) !== "queued"
      ? `the issue is ${stateOf(issue)}, not queued`
      : issue.waiting
        ? `the issue waits: ${issue.waiting.reason}`
        : undefined,
  ISSUE_UNASSIGNED: (issue) => (issue.assignment ? undefined : "no agent has the issue"),
  WORK_STARTED: (issue, data) =>
    knownRun(issue, data) ?? (runOf(issue, data.runId)?.startedAt ? `run ${data.runId} has already started` : undefined),
  REVIEW_DISPUTED: (issue, data) => knownRun(issue, data) ?? undisputable(issue, data),
  REVIEW_OVERRULED: (issue, { headSha }) => (issue.review?.headSha === headSha ? undefined : "this head was not reviewed"),
  REVIEW_UPHELD: (issue, { headSha }) => (issue.review?.headSha === headSha ? undefined : "this head was not reviewed"),
  RUN_FINISHED: knownRun,
  CHECKPOINT_SAVED: knownRun,
  CHECKPOINT_REQUESTED: (issue, data) => knownRun(issue, data) ?? (runOf(issue, data.runId)?.asked ? "it was asked already" : undefined),
  RUNNER_STARVED: knownRun,
  AGENT_STUCK: (issue, data) =>
    knownRun(issue, data) ?? (runOf(issue, data.runId)?.stuck ? `run ${data.runId} is known to be stuck` : undefined),
  QUESTION_ASKED: (issue, { text, runId }) =>
    issue.waiting?.for === "answer" && issue.waiting.reason === text
      ? "the question was asked already"
      : runId
        ? knownRun(issue, { runId })
        : undefined,
  // The publish job speaks after the work job has finished.
  GUARD_BLOCKED: (issue, { runId }) => (runOf(issue, runId) ? undefined : `run ${runId} was never asked for here`),
  HEARTBEAT: (issue, { runId }) => (runId ? knownRun(issue, { runId }) : undefined),
  QUESTION_ANSWERED: (issue) => (issue.waiting?.for === "answer" ? undefined : "no question waits for an answer"),
  ESCALATION_ACKNOWLEDGED: (issue) =>
    !issue.escalation
      ? "nothing is escalated"
      : issue.escalation.acknowledgedBy
        ? `${issue.escalation.acknowledgedBy} has acknowledged it already`
        : undefined,
  ESCALATION_RESOLVED: (issue) => (issue.escalation ? undefined : "nothing is escalated"),
  ISSUE_HELD: (issue) => (issue.doneAt ? "the issue is done" : issue.held ? `the issue is held already: ${issue.held.reason}` : undefined),
  ISSUE_RELEASED: (issue) => (issue.held || issue.escalation || issue.takenBack ? undefined : "nothing holds the issue"),
  RETRY_REQUESTED: (issue) => (issue.doneAt ? "the issue is done" : issue.approval ? undefined : "the issue is not approved"),
  MERGED: (issue) => (issue.merged ? "the issue's pull request is merged already" : undefined),
  SMOKE_FAILED: (issue) => (issue.merged ? undefined : "nothing is merged"),
  VERIFIED: (issue) => (issue.merged ? undefined : "nothing is merged"),
  ISSUE_DONE: (issue) => (issue.doneAt ? "the issue is done already" : !issue.merged ? "nothing is merged" : undefined),
};

/** Why this event cannot be written now; undefined where it can. */
export function refused(issue: Issue, event: RigEvent): string | undefined {
  const judge = judges[event.type] as Judge<typeof event.type> | undefined;
  return judge?.(issue, event.data);
}
