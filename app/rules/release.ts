import type { Environment, RigEvent } from "../domain/events.ts";
import type { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { SeenRelease } from "../domain/seen.ts";
import { type Conclusion, lookAgain, nothing, passed, type Rule, type Scene, say } from "./rule.ts";
import { askForRelease, smokeFailed } from "./smoke-failure.ts";

/** How soon a check that does not hold yet is asked again. */
const PROBE_AGAIN_MS = 2_000;

/** A merge goes to staging, then to production, and each step waits for the one before. */
export const release: Rule = (scene): Conclusion => {
  const { issue, policy } = scene;
  if (!issue.merged) return nothing;
  for (const environment of environments(policy)) {
    if (!issue.release[environment].healthyAt) return step(scene, environment, issue.merged.mergeSha);
  }
  return nothing;
};

/** The environments a repository configures, in the order a merge passes them. */
export const environments = ({ deploy }: Policy): readonly Environment[] => [
  ...(deploy.staging ? (["staging"] as const) : []),
  ...(deploy.production ? (["production"] as const) : []),
];

function step(scene: Scene, environment: Environment, sha: Sha): Conclusion {
  const { issue, seen, policy, effects, now } = scene;
  const at = issue.release[environment];
  const { workflow } = policy.deploy[environment] ?? {};
  const { deployment, probes } = seen[environment] ?? { probes: [] };
  if (!at.requestedAt && workflow) return say({ type: "DEPLOY_REQUESTED", data: { environment, sha, attempt: at.requests + 1 } });
  if (!at.deployedAt) {
    if (deployment?.state === "success") return say(deployed(environment, sha, deployment));
    const since = at.requestedAt ?? issue.merged?.at ?? now;
    const failed = deployment?.state === "failure" && deployment.createdAt >= floorToSecond(since);
    if (failed) return failure(issue, environment, sha, `GitHub shows deployment ${deployment.id} as failed.`, deployment.id);
    if (passed(since, policy.timeouts.deploy, now))
      return failure(issue, environment, sha, `No ${environment} deployment came within ${policy.timeouts.deploy / 60_000} minutes.`);
    const deadline = lookAgain(since, policy.timeouts.deploy);
    return effects.some(({ kind, state }) => kind === "DEPLOY" && state === "dead") ? nothing : deadline;
  }
  return health(scene, environment, sha, probes, at.deployedAt);
}

function health(scene: Scene, environment: Environment, sha: Sha, probes: SeenRelease["probes"], deployedAt: Date): Conclusion {
  const { policy, now } = scene;
  const { staging, production } = policy.deploy;
  const wanted = (environment === "staging" ? staging?.smoke : production?.verify) ?? [];
  // What was not asked yet has not answered well: probes are sent once the deployment is written down.
  if (probes.length < wanted.length) return { events: [], wakeAt: now };
  if (probes.every(({ ok }) => ok)) {
    const last = environments(policy).at(-1) === environment;
    const checks = [...probes];
    return say(
      last
        ? { type: "VERIFIED", data: { environment, sha, probes: checks } }
        : { type: "SMOKE_PASSED", data: { environment, sha, checks } },
    );
  }
  if (!passed(deployedAt, policy.timeouts.deploy, now))
    return { events: [], wakeAt: new Date(Math.min(now.getTime() + PROBE_AGAIN_MS, deployedAt.getTime() + policy.timeouts.deploy)) };
  return smokeFailed(
    scene,
    environment,
    sha,
    probes.filter(({ ok }) => !ok),
  );
}

const deployed = (environment: Environment, sha: Sha, { id, url }: NonNullable<SeenRelease["deployment"]>): RigEvent =>
  environment === "staging"
    ? { type: "DEPLOYED_STAGING", data: { environment, sha, deploymentId: id, url } }
    : { type: "DEPLOYED_PRODUCTION", data: { environment, sha, deploymentId: id, url } };

const failure = (issue: Issue, environment: Environment, sha: Sha, reason: string, deploymentId?: number): Conclusion => ({
  events: [
    { type: "DEPLOY_FAILED", data: { environment, sha, reason, ...(deploymentId ? { deploymentId } : {}) } },
    askForRelease(issue, reason),
  ],
});

/** GitHub's times have no fractions of a second. */
const floorToSecond = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);
