import type { pullRequestEvents } from "../events/pull-request.ts";
import type { Issue } from "../issue.ts";
import { type Folds, fenceRuns, startOver, unchanged, without } from "./fold.ts";

export const pullRequestFolds: Folds<keyof typeof pullRequestEvents> = {
  BRANCH_CREATED: unchanged,
  PR_CREATED: (issue, { prNumber, prUrl, branch, headSha, treeSha }, at) => ({
    ...moved(issue, treeSha ?? headSha),
    pullRequest: { number: prNumber, url: prUrl, branch, headSha, pushes: 1, since: at },
  }),
  PR_WATCHED: (issue, { prNumber, prUrl, branch, headSha, title, by }, at) => ({
    ...issue,
    watched: { by, title },
    pullRequest: { number: prNumber, url: prUrl, branch, headSha, pushes: 1, since: at },
  }),
  PR_UPDATED: (issue, { headSha, treeSha, pushedBy }, at) =>
    issue.pullRequest
      ? {
          ...moved(without(issue, "mergeRequestedFor"), treeSha ?? headSha),
          pullRequest: {
            ...{ number: issue.pullRequest.number, url: issue.pullRequest.url, branch: issue.pullRequest.branch },
            ...{ headSha, pushes: issue.pullRequest.pushes + 1, since: at },
            ...(pushedBy ? { pushedBy } : {}),
          },
          mergeBlockedBy: [],
        }
      : issue,
  PR_CLOSED: (issue) => withoutGateEscalation(startOver(issue)),
  CI_PASSED: (issue, { headSha }, at) => ({
    ...issue,
    ci: { headSha, passed: true, failedChecks: [], preExisting: [], since: at },
    idleRuns: 0,
  }),
  CI_FAILED: (issue, { headSha, failedChecks, preExisting }, at) => {
    const since = issue.ci?.headSha === headSha && !issue.ci.passed ? issue.ci.since : at;
    return { ...issue, ci: { headSha, passed: false, failedChecks, preExisting, since } };
  },
  REVIEW_REQUESTED: (issue, { headSha }, at) => {
    const before = issue.review?.reviewId;
    return { ...issue, review: { headSha, since: at, result: "requested", findings: [], ...(before ? { reviewId: before } : {}) } };
  },
  REVIEW_PASSED: (issue, { headSha, reviewer, reviewId }, at) => ({
    ...issue,
    review: { headSha, since: issue.review?.since ?? at, result: "passed", reviewer, reviewId, findings: [] },
    idleRuns: 0,
  }),
  REVIEW_CHANGES_REQUESTED: (issue, { headSha, reviewer, reviewId, findings }, at) => ({
    ...issue,
    review: { headSha, since: issue.review?.since ?? at, result: "changes_requested", reviewer, reviewId, findings },
  }),
  REVIEW_DISPUTED: unchanged,
  REVIEW_OVERRULED: (issue, { by }) =>
    issue.review ? { ...issue, review: { ...issue.review, result: "passed", reviewer: by, findings: [] } } : issue,
  REVIEW_SPOKEN: (issue, { commentId, headSha, verdict, by, byId, gates, reason }, at) => ({
    ...issue,
    spoken: [...issue.spoken, { commentId, headSha, verdict, by, byId, gates, reason, at }],
  }),
  MERGE_REQUESTED: (issue, { headSha }, at) => ({ ...issue, mergeRequestedFor: headSha, mergeRequestedAt: at, mergeBlockedBy: [] }),
  MERGE_BLOCKED: (issue, { reasons }) => ({ ...without(issue, "mergeRequestedFor"), mergeBlockedBy: reasons }),
  MERGED: (issue, { prNumber, headSha, mergeSha }, at) => ({
    ...fenceRuns(withoutGateEscalation(without(issue, "setAside"))),
    merged: { headSha, mergeSha, at },
    pullRequest: issue.pullRequest ?? { number: prNumber, url: "", branch: "", headSha, pushes: 0, since: at },
  }),
};

/** Nobody has to open a gate of what is closed, or merged past it. */
const withoutGateEscalation = (issue: Issue): Issue => (issue.escalation?.about === "gate" ? without(issue, "escalation") : issue);

/** A head with files that no head had before is progress; the same files under another commit are not. */
const moved = (issue: Issue, tree: string): Issue =>
  issue.trees.includes(tree) ? issue : { ...issue, trees: [...issue.trees, tree], idleRuns: 0 };
