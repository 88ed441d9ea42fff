import type { releaseEvents } from "../events/release.ts";
import type { Environment, EventData } from "../events.ts";
import { type Issue, noRelease } from "../issue.ts";
import type { Release } from "../issue-parts.ts";
import { backToWork, type Folds, without } from "./fold.ts";

export const releaseFolds: Folds<keyof typeof releaseEvents> = {
  DEPLOY_REQUESTED: (issue, { environment, attempt }, at) => {
    const { blocked: _, ...rest } = issue.release[environment];
    return { ...issue, release: { ...issue.release, [environment]: { ...rest, requests: attempt, requestedAt: at } } };
  },
  DEPLOYED_STAGING: (issue, { environment, url, waitedMinutes }, at) =>
    waitedFor(changeRelease(issue, environment, { deployedAt: at, url }), environment, waitedMinutes),
  DEPLOYED_PRODUCTION: (issue, { environment, url, waitedMinutes }, at) =>
    waitedFor(changeRelease(issue, environment, { deployedAt: at, url }), environment, waitedMinutes),
  DEPLOY_FAILED: (issue, { environment, waitedMinutes }) => waitedFor(issue, environment, waitedMinutes),
  DEPLOY_WAITING: (issue, { environment, reviewers, url }, at) =>
    changeRelease(issue, environment, { waiting: { since: issue.release[environment].waiting?.since ?? at, reviewers, url } }),
  DEPLOY_CANCELLED: (issue, { environment, waitedMinutes }, at) =>
    waitedFor(changeRelease(issue, environment, { cancelledAt: at }), environment, waitedMinutes),
  DEPLOY_BLOCKED: (issue, { environment, by, failingSha, takenBackBy }, at) =>
    changeRelease(issue, environment, { blocked: { by, failingSha, since: at, ...(takenBackBy ? { takenBackBy } : {}) } }),
  DEPLOY_UNBLOCKED: (issue, { environment }, at) => {
    // What was asked there before says nothing of what is there now.
    const { requests, requestedAt, url, smokeFailures } = issue.release[environment];
    const anew = { requests, smokeFailures, ...(requestedAt ? { requestedAt } : {}), ...(url ? { url } : {}), deployedAt: at };
    return { ...issue, release: { ...issue.release, [environment]: anew } };
  },
  SMOKE_REQUESTED: (issue, { environment, attempt }, at) => changeRelease(issue, environment, { checking: { attempt, since: at } }),
  SEEN_LIVE: (issue, { environment }, at) => changeRelease(issue, environment, { seenLiveAt: at }),
  HEALTH_LOST: (issue, { environment }) => {
    const { seenLiveAt: _, losses = 0, ...rest } = issue.release[environment];
    return { ...issue, release: { ...issue.release, [environment]: { ...rest, losses: losses + 1 } } };
  },
  SMOKE_PASSED: (issue, { environment }, at) =>
    changeRelease(issue.broken?.environment === environment ? without(issue, "broken") : issue, environment, { healthyAt: at }),
  SMOKE_FAILED: (issue, { environment, sha, failed, retry, maxRetries, cause, because = "" }, at) => {
    if (cause === "external_dependency") return issue;
    const failedAgain = changeRelease(issue, environment, { smokeFailures: issue.release[environment].smokeFailures + 1 });
    return retry <= maxRetries ? backToWork(failedAgain, { environment, sha, failed, because, retry, maxRetries, at }) : failedAgain;
  },
  VERIFIED: (issue, { environment }, at) => ({
    ...changeRelease(without(issue, "broken", "takenBack"), environment, { healthyAt: at }),
    verifiedAt: at,
  }),
  ROLLBACK_REQUESTED: (issue, { by, fromSha, toSha }, at) => ({
    ...issue,
    rollback: { by, fromSha, toSha, at },
    takenBack: { by, fromSha, toSha },
  }),
  ROLLBACK_PROPOSED: (issue, { prNumber }) => (issue.rollback ? { ...issue, rollback: { ...issue.rollback, prNumber } } : issue),
  // The default branch does not have it any more: whatever is merged next may go out.
  ROLLBACK_MERGED: (issue, { mergeSha }) => {
    const { rollback, ...rest } = without(issue, "takenBack");
    return rollback ? { ...rest, rollback: { ...rollback, mergeSha } } : rest;
  },
  ROLLED_BACK: takenBack,
};

/** What is not done begins anew when a person gives it back: its release, or all of it where the default branch does not have it any more. */
function takenBack(issue: Issue, { by, fromSha, toSha }: EventData<"ROLLED_BACK">, at: Date): Issue {
  // A merged pull request took it out of the default branch as well.
  const back = issue.rollback?.prNumber ? without(issue, "rollback", "takenBack") : without(issue, "rollback");
  if (issue.doneAt || !issue.merged) return back;
  const production = { ...noRelease, smokeFailures: issue.release.production.smokeFailures };
  if (!issue.rollback?.prNumber) return { ...back, release: { ...issue.release, production } };
  const because = `${by} took production back to ${toSha.slice(0, 7)}.`;
  return backToWork(back, {
    ...{ environment: "production", sha: fromSha, failed: [], because, at, takenBackBy: by },
    ...{ retry: issue.release.production.smokeFailures, maxRetries: issue.release.production.smokeFailures },
  });
}

/** Nobody is waited for any more. */
function waitedFor(issue: Issue, environment: Environment, minutes = 0): Issue {
  const { waiting: _, ...rest } = issue.release[environment];
  return {
    ...issue,
    release: { ...issue.release, [environment]: rest },
    humanWaitMinutes: issue.humanWaitMinutes + minutes,
  };
}

const changeRelease = (issue: Issue, environment: Environment, change: Partial<Release>): Issue => ({
  ...issue,
  release: { ...issue.release, [environment]: { ...issue.release[environment], ...change } },
});
