/** Where a merge is on its way to production, as a sentence. */
import { cut } from "../domain/escape.ts";
import type { Environment } from "../domain/events.ts";
import type { Release } from "../domain/issue-parts.ts";
import { checkWorkflowOf, nextEnvironment } from "../domain/release-checks.ts";
import type { SeenRelease } from "../domain/seen.ts";
import { deadlineOf } from "./health.ts";
import { begunAt } from "./release.ts";
import type { Scene } from "./rule.ts";

const MOST_TOLD = 3;
const MOST_DETAIL = 160;

export function releasing(scene: Scene): string {
  const { issue, policy, seen } = scene;
  const environment = nextEnvironment(issue, policy);
  if (!environment) return "Merged: everything is verified.";
  const at = issue.release[environment];
  return at.deployedAt ? watched(scene, environment, at, at.deployedAt, seen[environment]) : awaited(scene, environment, at);
}

function awaited({ issue, policy, seen, now }: Scene, environment: Environment, at: Release): string {
  const deployment = seen[environment]?.deployment;
  if (at.blocked?.takenBackBy)
    return `${at.blocked.takenBackBy} took production back from ${at.blocked.by}, and this merge has that change in it: \`/rig resume\` on ${at.blocked.by} lets it go on.`;
  if (at.waiting && (!deployment || deployment.state === "waiting")) {
    const { reviewers, url } = at.waiting;
    return `${named(environment)} waits in GitHub for its reviewers (${reviewers.join(", ") || "GitHub names none"}): ${url}`;
  }
  const until = time(new Date((at.cancelledAt ?? begunAt(issue, at, now)).getTime() + policy.timeouts.deploy));
  if (at.cancelledAt && deployment?.state !== "pending")
    return `The deployment to ${environment} was cancelled: another one that has the merge in it is waited for until ${until}.`;
  const { flux, workflow } = policy.deploy[environment] ?? {};
  const because = deployment?.because ? ` ${cut(`${deployment.because}.`, MOST_DETAIL)}` : "";
  if (flux) return `Waiting for Flux to bring the merge to ${environment} (${flux}).${because}`;
  if (!workflow && !deployment) return `Waiting for the repository to deploy to ${environment}.`;
  return `The deployment to ${environment} is under way.${because}`;
}

function watched({ policy }: Scene, environment: Environment, at: Release, deployedAt: Date, seen: SeenRelease | undefined): string {
  if (at.blocked) return `Deployed to ${environment}: ${at.blocked.by}, which was merged before, fails there, and its fix is waited for.`;
  const failed = (seen?.probes ?? []).filter(({ ok }) => !ok);
  const { healthyFor } = policy.deploy[environment] ?? {};
  if (failed.length > 0) {
    const told = failed.slice(0, MOST_TOLD).map(({ name, url, detail }) => `${name ?? url} ${cut(detail, MOST_DETAIL)}`);
    const lost = at.losses ? " It was healthy before." : "";
    return `Deployed to ${environment}, and not healthy yet: ${told.join("; ")}. It has until ${time(deadlineOf(policy, environment, deployedAt))}.${lost}`;
  }
  if (at.seenLiveAt && healthyFor !== undefined)
    return `Live in ${environment}, and healthy since ${time(at.seenLiveAt)}: it is watched until ${time(new Date(at.seenLiveAt.getTime() + healthyFor))}.`;
  const workflow = checkWorkflowOf(policy, environment);
  if (at.checking && workflow)
    return `Deployed to ${environment}: ${workflow} checks it${seen?.checkRun ? ` (${seen.checkRun.url})` : ""}.`;
  return `Deployed to ${environment}: its checks decide.`;
}

const named = (environment: Environment): string => `${environment.slice(0, 1).toUpperCase()}${environment.slice(1)}`;

const time = (date: Date): string => `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
