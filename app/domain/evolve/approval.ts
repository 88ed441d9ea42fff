import type { issueEvents } from "../events/issue.ts";
import type { Issue } from "../issue.ts";
import { type Folds, freshCounters, retriable, setAside, startOver, without } from "./fold.ts";

export const approvalFolds: Folds<keyof typeof issueEvents> = {
  ISSUE_APPROVED: (issue, { title, body, bodyHash, priority, approvedBy, actId, dependsOn, milestone, agent }, at) => ({
    // Work on another text is no work on this one.
    ...without(issue.lastBodyHash === undefined || issue.lastBodyHash === bodyHash || issue.merged ? issue : startOver(issue), "waiting"),
    approval: {
      ...{ title, body, bodyHash, approvedBy, actId, dependsOn, at, stale: false },
      ...(milestone ? { milestone } : {}),
      ...(agent ? { agent } : {}),
    },
    priority,
    labelPriority: priority,
    lastActId: actId,
    lastBodyHash: bodyHash,
    asked: issue.lastBodyHash === bodyHash ? issue.asked : [],
    decidedAt: at,
  }),
  APPROVAL_STALE: (issue) => (issue.approval ? { ...issue, approval: { ...issue.approval, stale: true } } : issue),
  ISSUE_WITHDRAWN: (issue) => without(setAside(issue), "approval", "waiting", "escalation", "held"),
  PRIORITY_CHANGED: (issue, { to, source }) => ({ ...issue, priority: to, ...(source === "label" ? { labelPriority: to } : {}) }),
  ISSUE_WAITING: (issue, { for: what, reason, on = [] }, at) => ({ ...issue, waiting: { for: what, reason, on, since: at } }),
  ISSUE_RESUMED: (issue) => without(issue, "waiting"),
  ISSUE_HELD: (issue, { by, reason, until }) => ({ ...setAside(issue), held: { by, reason, ...(until ? { until } : {}) } }),
  ISSUE_RELEASED: (issue, _, at) =>
    issue.escalation
      ? { ...givenBack(without(issue, "held", "escalation", "takenBack")), ...freshCounters, release: retriable(issue), decidedAt: at }
      : { ...givenBack(without(issue, "held", "takenBack")), decidedAt: at },
  RETRY_REQUESTED: (issue, { fresh }, at) => {
    const freed = givenBack(without(issue, "held", "escalation", "waiting"));
    const again = fresh ? startOver(freed) : setAside(freed);
    return { ...again, grants: issue.grants + 1, infraFailures: 0, idleRuns: 0, release: retriable(issue), decidedAt: at };
  },
  COUNTERS_RESET: (issue, _, at) => ({ ...issue, ...freshCounters, decidedAt: at }),
  BUDGET_RAISED: (issue, { usd, by }, at) => ({
    ...(issue.waiting?.for === "budget" ? without(issue, "waiting") : issue),
    budget: { usd, by, at },
    warned: [],
    decidedAt: at,
  }),
  ISSUE_DONE: (issue, _, at) => ({ ...without(issue, "assignment", "setAside", "escalation"), doneAt: at }),
};

/** F34: whoever had pushed over the agent lets it go on. */
function givenBack(issue: Issue): Issue {
  if (!issue.pullRequest?.pushedBy) return issue;
  const { pushedBy: _, ...pullRequest } = issue.pullRequest;
  return { ...issue, pullRequest };
}
