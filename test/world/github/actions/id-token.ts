import { enforced } from "../repositories/ruleset.ts";
import { pullsAt } from "../shapes/pull.ts";
import type { Repository } from "../state/repository.ts";
import type { Run } from "../state/run.ts";
import { fullName, type World } from "../world.ts";
import { findRun } from "./find.ts";

/** Where a run stands: on its branch, or on the test merge of its pull request. */
function standsOn(repository: Repository, run: Run) {
  const [pull] = run.event.startsWith("pull_request") ? pullsAt(repository, run.headSha) : [];
  if (!pull) return { ref: `refs/heads/${run.headBranch}`, sha: run.headSha, headRef: "", baseRef: "" };
  return {
    ref: `refs/pull/${pull.number}/merge`,
    sha: pull.pull.testMerge?.sha ?? run.headSha,
    headRef: pull.pull.headBranch,
    baseRef: pull.pull.baseBranch,
  };
}

function subject(name: string, run: Run, ref: string, environment: string | undefined): string {
  if (environment) return `repo:${name}:environment:${environment}`;
  return run.event === "pull_request" ? `repo:${name}:pull_request` : `repo:${name}:ref:${ref}`;
}

/** What GitHub's issuer says of a job; every value is a string. */
export function mintOidcToken(
  world: World,
  runId: number,
  audience: string,
  claims: { readonly jobWorkflowRef: string; readonly jobId?: number; readonly environment?: string },
): Promise<string> {
  const { repository, run } = findRun(world, runId);
  const name = fullName(repository);
  const { ref, sha, headRef, baseRef } = standsOn(repository, run);
  return world.oidc.sign(
    {
      sub: subject(name, run, ref, claims.environment),
      aud: audience,
      ref,
      sha,
      repository: name,
      repository_id: String(repository.id),
      repository_owner: repository.owner.login,
      repository_owner_id: String(repository.owner.id),
      repository_visibility: repository.private ? "private" : "public",
      run_id: String(run.id),
      run_number: String(run.runNumber),
      run_attempt: "1",
      actor: run.actor.login,
      actor_id: String(run.actor.id),
      workflow: run.name,
      workflow_ref: `${name}/${run.path}@${ref}`,
      workflow_sha: sha,
      job_workflow_ref: claims.jobWorkflowRef,
      job_workflow_sha: sha,
      ...(claims.jobId === undefined ? {} : { check_run_id: String(claims.jobId) }),
      head_ref: headRef,
      base_ref: baseRef,
      event_name: run.event,
      ref_protected: String(run.headBranch === repository.defaultBranch && Object.keys(enforced(repository)).length > 0),
      ref_type: "branch",
      runner_environment: "self-hosted",
      ...(claims.environment ? { environment: claims.environment } : {}),
    },
    world.now(),
  );
}
