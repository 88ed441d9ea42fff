import { lasting } from "../domain/duration.ts";
import type { Environment, RigEvent } from "../domain/events.ts";
import type { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Release } from "../domain/issue-parts.ts";
import { nextEnvironment } from "../domain/release-checks.ts";
import type { SeenDeployment } from "../domain/seen.ts";
import { frozen } from "./blame.ts";
import { health } from "./health.ts";
import { type Conclusion, nothing, passed, type Rule, type Scene, say } from "./rule.ts";
import { askForRelease } from "./smoke-failure.ts";

/** How soon a deployment that is under way is looked at again, unless GitHub tells of it before. */
const SOONEST_MS = 2_000;
const LATEST_MS = 15_000;
const LOOKS = 60;

/** A merge goes to staging, then to production, and each step waits for the one before. */
export const release: Rule = (scene): Conclusion => {
  const { issue, policy, seen, now } = scene;
  const environment = nextEnvironment(issue, policy);
  if (!environment || !issue.merged) return nothing;
  const { mergeSha } = issue.merged;
  const at = issue.release[environment];
  if (!at.requestedAt && policy.deploy[environment]?.workflow)
    return (
      frozen(scene, environment, mergeSha) ??
      say({ type: "DEPLOY_REQUESTED", data: { environment, sha: mergeSha, attempt: at.requests + 1 } })
    );
  // What was not looked at yet has nothing to show.
  const shown = seen[environment];
  if (!shown) return { events: [], wakeAt: now };
  return at.deployedAt
    ? health(scene, environment, mergeSha, shown, at.deployedAt)
    : deploying(scene, environment, mergeSha, shown.deployment);
};

function deploying(scene: Scene, environment: Environment, sha: Sha, deployment: SeenDeployment | undefined): Conclusion {
  const { issue, policy, effects, now } = scene;
  const at = issue.release[environment];
  if (deployment?.state === "success") return say(deployed(environment, sha, deployment, waitedFor(at, deployment, now)));

  // Before a person asked again it may have gone otherwise.
  const young = deployment && deployment.createdAt >= floorToSecond(begunAt(issue, at, now)) ? deployment : undefined;
  const waited = { ...idOf(young), ...waitedFor(at, young, now) };
  if (young?.state === "failure" || young?.state === "replaced")
    return failure(
      issue,
      environment,
      sha,
      `The deployment to ${environment} failed: ${young.because ?? "GitHub shows it as failed"}${linkTo(young)}.`,
      waited,
    );
  if (young?.state === "cancelled" && !at.cancelledAt) return say({ type: "DEPLOY_CANCELLED", data: { environment, sha, ...waited } });
  const again = new Date(now.getTime() + Math.min(LATEST_MS, Math.max(SOONEST_MS, policy.timeouts.deploy / LOOKS)));
  if (young?.state === "waiting") {
    const { reviewers = [], url } = young;
    // No deadline runs while people decide.
    return at.waiting?.url === url
      ? { events: [], wakeAt: again }
      : say({ type: "DEPLOY_WAITING", data: { environment, sha, reviewers: [...reviewers], url } });
  }

  const since = latest(begunAt(issue, at, now), at.cancelledAt, at.waiting && (young?.changedAt ?? at.waiting.since));
  if (passed(since, policy.timeouts.deploy, now)) return failure(issue, environment, sha, missing(scene, environment, deployment), waited);
  // A command that failed for good is somebody else's by now.
  if (effects.findLast(({ kind }) => kind === "DEPLOY")?.state === "dead") return nothing;
  return { events: [], wakeAt: new Date(Math.min(again.getTime(), since.getTime() + policy.timeouts.deploy)) };
}

/** What did not come, and what is known of why. */
function missing({ issue, policy }: Scene, environment: Environment, deployment: SeenDeployment | undefined): string {
  const within = lasting(policy.timeouts.deploy);
  if (issue.release[environment].cancelledAt)
    return `The deployment to ${environment} was cancelled, and no other one came within ${within}.`;
  const because = deployment?.because ? `: ${deployment.because}${linkTo(deployment)}` : "";
  return `No ${environment} deployment came within ${within}${because}.`;
}

/** When it was asked for; where the repository deploys by itself, when it was merged or given back. */
export const begunAt = ({ merged, decidedAt }: Issue, { requestedAt }: Release, now: Date): Date =>
  requestedAt ?? latest(merged?.at ?? now, decidedAt);

/** How long people let it wait, once they do no more. */
function waitedFor({ waiting }: Release, deployment: SeenDeployment | undefined, now: Date): { readonly waitedMinutes?: number } {
  if (!waiting) return {};
  const until = deployment?.startedAt ?? deployment?.changedAt ?? now;
  return { waitedMinutes: Math.max(0, until.getTime() - waiting.since.getTime()) / 60_000 };
}

/** What is said of a deployment that has the merge in it. */
export function deployed(
  environment: Environment,
  sha: Sha,
  deployment: SeenDeployment,
  waited: { readonly waitedMinutes?: number } = {},
): RigEvent {
  const data = { sha, url: deployment.url, ...idOf(deployment), ...waited };
  return environment === "staging"
    ? { type: "DEPLOYED_STAGING", data: { environment, ...data } }
    : {
        type: "DEPLOYED_PRODUCTION",
        data: { environment, ...data, ...(deployment.id === undefined ? { appliedSha: deployment.sha } : {}) },
      };
}

const failure = (issue: Issue, environment: Environment, sha: Sha, reason: string, more: object): Conclusion => ({
  events: [{ type: "DEPLOY_FAILED", data: { environment, sha, reason, ...more } }, askForRelease(issue, reason)],
});

const idOf = (deployment: SeenDeployment | undefined): { readonly deploymentId?: number } =>
  deployment?.id === undefined ? {} : { deploymentId: deployment.id };

const linkTo = ({ url }: SeenDeployment): string => (/^https?:/.test(url) ? ` (${url})` : "");

const latest = (first: Date, ...others: readonly (Date | undefined)[]): Date =>
  new Date(Math.max(first.getTime(), ...others.map((other) => other?.getTime() ?? 0)));

/** GitHub's times have no fractions of a second. */
const floorToSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);
