import type { releaseEvents } from "../events/release.ts";
import type { Environment } from "../events.ts";
import type { Issue, Release } from "../issue.ts";
import { type Folds, unchanged, without } from "./fold.ts";

export const releaseFolds: Folds<keyof typeof releaseEvents> = {
  DEPLOY_REQUESTED: (issue, { environment, attempt }, at) => changeRelease(issue, environment, { requests: attempt, requestedAt: at }),
  DEPLOYED_STAGING: (issue, { environment, url }, at) => changeRelease(issue, environment, { deployedAt: at, url }),
  DEPLOYED_PRODUCTION: (issue, { environment, url }, at) => changeRelease(issue, environment, { deployedAt: at, url }),
  DEPLOY_FAILED: unchanged,
  DEPLOY_WAITING: unchanged,
  DEPLOY_CANCELLED: unchanged,
  DEPLOY_BLOCKED: unchanged,
  SMOKE_REQUESTED: unchanged,
  SEEN_LIVE: unchanged,
  HEALTH_LOST: unchanged,
  SMOKE_PASSED: (issue, { environment }, at) => changeRelease(issue, environment, { healthyAt: at }),
  SMOKE_FAILED: (issue, { environment, retry }) => changeRelease(issue, environment, { smokeFailures: retry }),
  VERIFIED: (issue, { environment }, at) => ({ ...changeRelease(issue, environment, { healthyAt: at }), verifiedAt: at }),
  ROLLBACK_REQUESTED: (issue, { by, fromSha, toSha }, at) => ({ ...issue, rollback: { by, fromSha, toSha, at } }),
  ROLLBACK_PROPOSED: unchanged,
  ROLLED_BACK: (issue) => without(issue, "rollback"),
};

const changeRelease = (issue: Issue, environment: Environment, change: Partial<Release>): Issue => ({
  ...issue,
  release: { ...issue.release, [environment]: { ...issue.release[environment], ...change } },
});
