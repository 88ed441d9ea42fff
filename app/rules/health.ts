/** Whether what was deployed is what was merged, and well, for as long as the repository asks. */
import { lasting } from "../domain/duration.ts";
import type { Environment, Probe } from "../domain/events.ts";
import type { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import { checksWanted, checkWorkflowOf, environments } from "../domain/release-checks.ts";
import type { SeenRelease } from "../domain/seen.ts";
import { type Conclusion, passed, type Scene, say } from "./rule.ts";
import { askForRelease, smokeFailed } from "./smoke-failure.ts";

/** How soon a check that does not hold yet is asked again, longer each time that it has held before. */
const PROBE_AGAIN_MS = 2_000;
const LATEST_MS = 30_000;
/** So many looks at least at what has to stay healthy, where that leaves two seconds between them. */
const LOOKS = 20;
const MOST_CHECK_RUNS = 2;

export function health(scene: Scene, environment: Environment, sha: Sha, seen: SeenRelease, deployedAt: Date): Conclusion {
  const { issue, policy, now } = scene;
  const at = issue.release[environment];
  // What was not asked yet has not answered well: probes are sent once the deployment is written down.
  if (seen.probes.length < checksWanted(policy, environment)) return { events: [], wakeAt: now };

  const failed = seen.probes.filter(({ ok }) => !ok);
  if (failed.length > 0) {
    if (at.seenLiveAt) return say({ type: "HEALTH_LOST", data: { environment, sha, failed } });
    const deadline = deadlineOf(policy, environment, deployedAt);
    if (now >= deadline) return smokeFailed(scene, environment, sha, failed);
    return again(now, Math.min(LATEST_MS, PROBE_AGAIN_MS * (1 + (at.losses ?? 0))), deadline);
  }

  const checked = checkRun(scene, environment, sha, seen);
  if ("events" in checked) return checked;
  const checks = [...seen.probes, ...checked];
  const healthyFor = policy.deploy[environment]?.healthyFor;
  if (healthyFor !== undefined) {
    if (!at.seenLiveAt) return say({ type: "SEEN_LIVE", data: { environment, sha, checks } });
    const proven = new Date(at.seenLiveAt.getTime() + healthyFor);
    if (now < proven) return again(now, Math.min(LATEST_MS, Math.max(PROBE_AGAIN_MS, healthyFor / LOOKS)), proven);
  }
  return environments(policy).at(-1) === environment
    ? say({ type: "VERIFIED", data: { environment, sha, probes: checks } })
    : say({ type: "SMOKE_PASSED", data: { environment, sha, checks } });
}

/** How long "not yet" is no failure. */
export const deadlineOf = (policy: Policy, environment: Environment, deployedAt: Date): Date =>
  new Date(deployedAt.getTime() + policy.timeouts.deploy + (policy.deploy[environment]?.healthyFor ?? 0));

/** The word of the workflow that checks an environment, where there is one; else what follows from its not being there. */
function checkRun(scene: Scene, environment: Environment, sha: Sha, { checkRun: seen }: SeenRelease): Conclusion | readonly Probe[] {
  const { issue, policy, now } = scene;
  const workflow = checkWorkflowOf(policy, environment);
  if (!workflow) return [];
  const { checking } = issue.release[environment];
  const ask = (attempt: number) => say({ type: "SMOKE_REQUESTED", data: { environment, sha, workflow, attempt } });
  if (!checking) return ask(1);
  // An earlier attempt's run is not this one's.
  const run = seen && seen.createdAt.getTime() >= Math.floor(checking.since.getTime() / 1000) * 1000 ? seen : undefined;
  const said = (ok: boolean, detail: string): Probe => ({ url: run?.url ?? workflow, name: workflow, ok, detail });
  if (run?.state === "success") return [said(true, "concluded success")];
  if (run?.state === "failure") return smokeFailed(scene, environment, sha, [said(false, "concluded failure")]);
  if (run?.state === "cancelled") {
    if (checking.attempt < MOST_CHECK_RUNS) return ask(checking.attempt + 1);
    return { events: [cancelledAgain(issue, environment, workflow, run.url)] };
  }
  if (passed(checking.since, policy.timeouts.deploy, now))
    return smokeFailed(scene, environment, sha, [said(false, `has not ended within ${lasting(policy.timeouts.deploy)}`)]);
  return again(now, LATEST_MS / 2, new Date(checking.since.getTime() + policy.timeouts.deploy));
}

const cancelledAgain = (issue: Issue, environment: Environment, workflow: string, url: string) =>
  askForRelease(
    issue,
    `${workflow}, which checks ${environment}, was cancelled ${MOST_CHECK_RUNS} times (${url}), so nobody knows whether it is well.`,
  );

const again = (now: Date, ms: number, deadline: Date): Conclusion => ({
  events: [],
  wakeAt: new Date(Math.min(now.getTime() + ms, Math.max(now.getTime(), deadline.getTime()))),
});
