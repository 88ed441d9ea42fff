import type { pullRequestEvents } from "../events/pull-request.ts";
import type { Issue } from "../issue.ts";
import { type Folds, fenceRuns, startOver, unchanged, without } from "./fold.ts";

export const pullRequestFolds: Folds<keyof typeof pullRequestEvents> = {
  BRANCH_CREATED: unchanged,
  PR_CREATED: (issue, { prNumber, prUrl, branch, headSha, treeSha }, at) => ({
    ...moved(issue, treeSha ?? headSha),
    pullRequest: { number: prNumber, url: prUrl, branch, headSha, pushes: 1, since: at },
  }),
  PR_UPDATED: (issue, { headSha, treeSha }, at) =>
    issue.pullRequest
      ? {
          ...moved(without(issue, "mergeRequestedFor"), treeSha ?? headSha),
          pullRequest: { ...issue.pullRequest, headSha, pushes: issue.pullRequest.pushes + 1, since: at },
          mergeBlockedBy: [],
        }
      : issue,
  PR_CLOSED: startOver,
  CI_PASSED: (issue, { headSha }) => ({ ...issue, ci: { headSha, passed: true, failedChecks: [] }, idleRuns: 0 }),
  CI_FAILED: (issue, { headSha, failedChecks }) => ({ ...issue, ci: { headSha, passed: false, failedChecks } }),
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
  MERGE_REQUESTED: (issue, { headSha }) => ({ ...issue, mergeRequestedFor: headSha, mergeBlockedBy: [] }),
  MERGE_BLOCKED: (issue, { reasons }) => ({ ...without(issue, "mergeRequestedFor"), mergeBlockedBy: reasons }),
  MERGED: (issue, { prNumber, headSha, mergeSha }, at) => ({
    ...fenceRuns(without(issue, "setAside")),
    merged: { headSha, mergeSha, at },
    pullRequest: issue.pullRequest ?? { number: prNumber, url: "", branch: "", headSha, pushes: 0, since: at },
  }),
};

/** A head with files that no head had before is progress; the same files under another commit are not. */
const moved = (issue: Issue, tree: string): Issue =>
  issue.trees.includes(tree) ? issue : { ...issue, trees: [...issue.trees, tree], idleRuns: 0 };
