import type { EventData, EventType } from "../events.ts";
import { type Issue, noRelease } from "../issue.ts";
import type { Broken, Release } from "../issue-parts.ts";

/** What one kind of event makes of an issue. */
export type Fold<T extends EventType> = (issue: Issue, data: EventData<T>, at: Date) => Issue;

/** A fold for each of these events, so that a new one does not compile until it has an answer. */
export type Folds<T extends EventType> = { readonly [K in T]: Fold<K> };

type Optional =
  | "approval"
  | "assignment"
  | "setAside"
  | "failure"
  | "waiting"
  | "answer"
  | "held"
  | "escalation"
  | "pullRequest"
  | "ci"
  | "review"
  | "reviewed"
  | "overruled"
  | "mergeRequestedFor"
  | "merged"
  | "broken"
  | "rollback"
  | "takenBack";

export function without<K extends Optional>(issue: Issue, ...keys: K[]): Omit<Issue, K> & Issue {
  const rest: Partial<Record<string, unknown>> = { ...issue };
  for (const key of keys) delete rest[key];
  return rest as unknown as Omit<Issue, K> & Issue;
}

/** History that is shown and counted, and changes nothing an issue's next step hangs on. */
export const unchanged = (issue: Issue): Issue => issue;

export const fenceRuns = (issue: Issue): Issue => ({
  ...issue,
  runs: issue.runs.map((run) => (run.finished || run.fenced ? run : { ...run, fenced: true })),
});

/** Takes the issue from its agent; the attempt goes on later, on the same branch. */
export function setAside(issue: Issue): Issue {
  const { assignment } = issue;
  const fenced = fenceRuns(without(issue, "assignment"));
  if (!assignment) return fenced;
  const { branch, attempt, agentId } = assignment;
  return { ...fenced, setAside: { branch, attempt, agentId } };
}

/** Takes the issue from its agent for good: the next attempt begins from nothing. */
export const startOver = (issue: Issue): Issue => ({
  ...fenceRuns(
    without(issue, "assignment", "setAside", "pullRequest", "ci", "review", "reviewed", "overruled", "mergeRequestedFor", "answer"),
  ),
  disputes: [],
  gates: [],
  spoken: [],
  mergeBlockedBy: [],
});

/** What was merged and does not hold goes back to work: on a fresh branch, with all that was counted, and before others of its class. */
export function backToWork(issue: Issue, broken: Omit<Broken, "prNumber">): Issue {
  const { merged, pullRequest, release } = issue;
  const anew = ({ smokeFailures }: Release): Release => ({ ...noRelease, smokeFailures });
  return {
    ...startOver(without(issue, "merged", "failure", "waiting", "broken")),
    release: { staging: anew(release.staging), production: anew(release.production) },
    merges: [
      ...(issue.merges ?? []),
      ...(merged && pullRequest ? [{ prNumber: pullRequest.number, mergeSha: merged.mergeSha, at: merged.at }] : []),
    ],
    broken: { ...broken, ...(pullRequest ? { prNumber: pullRequest.number } : {}) },
  };
}

/** What only a person's decision sets back. */
export const freshCounters = { strikes: 0, grants: 0, infraFailures: 0, idleRuns: 0, ciFixes: 0, reviewRounds: 0, questions: 0 } as const;

/** A release that failed starts again; what is healthy stays. */
export const retriable = ({ release: { staging, production } }: Issue): Issue["release"] => ({
  staging: staging.healthyAt ? staging : noRelease,
  production: production.healthyAt ? production : noRelease,
});
