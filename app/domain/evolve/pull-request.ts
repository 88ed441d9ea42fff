import type { pullRequestEvents } from "../events/pull-request.ts";
import type { Issue } from "../issue.ts";
import type { Review } from "../issue-parts.ts";
import { type Folds, fenceRuns, startOver, unchanged, without } from "./fold.ts";
import { changeRun } from "./work.ts";

export const pullRequestFolds: Folds<keyof typeof pullRequestEvents> = {
  BRANCH_CREATED: unchanged,
  PR_CREATED: (issue, { prNumber, prUrl, branch, headSha, treeSha }, at) => ({
    ...moved(issue, treeSha ?? headSha),
    pullRequest: { number: prNumber, url: prUrl, branch, headSha, pushes: 1, since: at },
  }),
  PR_WATCHED: (issue, { prNumber, prUrl, branch, base, headSha, title, by }, at) => ({
    ...issue,
    watched: { by, title, base },
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
  CI_PASSED: (issue, { headSha, checks }, at) => ({
    ...issue,
    ci: { headSha, passed: true, failedChecks: [], preExisting: [], names: checks, since: at },
    idleRuns: 0,
  }),
  CI_FAILED: (issue, { headSha, failedChecks, preExisting }, at) => {
    const since = issue.ci?.headSha === headSha && !issue.ci.passed ? issue.ci.since : at;
    return { ...issue, ci: { headSha, passed: false, failedChecks, preExisting, since } };
  },
  REVIEW_REQUESTED: (issue, { headSha }, at) => {
    const before = issue.review?.reviewId;
    return {
      ...without(issue, "overruled"),
      review: { headSha, since: at, result: "requested", findings: [], ...(before ? { reviewId: before } : {}) },
    };
  },
  REVIEW_PASSED: (issue, { headSha, reviewer, reviewId }, at) => ({
    ...without(issue, "reviewed"),
    disputes: [],
    review: { headSha, since: issue.review?.since ?? at, result: "passed", reviewer, reviewId, findings: [] },
    idleRuns: 0,
  }),
  REVIEW_CHANGES_REQUESTED: (issue, { headSha, reviewer, reviewId, findings, byPerson }, at) => ({
    ...issue,
    review: {
      ...{ headSha, since: issue.review?.since ?? at, result: "changes_requested", reviewer, reviewId, findings },
      ...(byPerson ? { byPerson } : {}),
    },
    ...(byPerson ? {} : { reviewed: { headSha, findings } }),
  }),
  REVIEW_ABSTAINED: (issue, { headSha, reviewId, why }, at) => {
    const before = issue.review?.headSha === headSha ? issue.review : undefined;
    const review: Review = { headSha, since: at, result: "requested", findings: [], abstentions: [...(before?.abstentions ?? []), why] };
    return {
      ...issue,
      abstained: [...issue.abstained, reviewId],
      review: { ...review, ...(before?.reviewId ? { reviewId: before.reviewId } : {}) },
    };
  },
  REVIEW_DISPUTED: (issue, { by, runId, findings }) => ({
    ...changeRun(issue, runId, { disputed: true }),
    disputes: [
      ...issue.disputes.filter(({ id }) => !findings.some((finding) => finding.id === id)),
      ...findings.map(({ id, why }) => ({ id, by, why })),
    ],
  }),
  REVIEW_OVERRULED: (issue, { headSha, by }, at) => {
    const { review } = issue;
    if (review?.headSha !== headSha) return issue;
    const put = { ...without(issue, "reviewed"), disputes: [], overruled: { headSha, by, at } };
    // A person's request is out of the way; whether Review-E agrees is asked of it.
    if (review.byPerson) return without(put, "review");
    return { ...put, review: { ...review, result: "passed", reviewer: by, findings: [] } };
  },
  REVIEW_UPHELD: (issue, { findings }) => {
    const marked = <T extends { readonly id?: string | undefined }>(all: readonly T[]) =>
      all.map((one) => (one.id !== undefined && findings.includes(one.id) ? { ...one, upheld: true as const } : one));
    return {
      ...issue,
      disputes: marked(issue.disputes),
      ...(issue.review ? { review: { ...issue.review, findings: marked(issue.review.findings) } } : {}),
      ...(issue.reviewed ? { reviewed: { ...issue.reviewed, findings: marked(issue.reviewed.findings) } } : {}),
    };
  },
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
