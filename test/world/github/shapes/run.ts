import type { Repository } from "../state/repository.ts";
import type { Artifact, Job, Run } from "../state/run.ts";
import type { World } from "../world.ts";
import { showSimpleCommit } from "./commit.ts";
import { nodeId } from "./node-id.ts";
import { showUser } from "./people.ts";
import { pullsAt, showPullMinimal } from "./pull.ts";
import { apiOf, htmlOf, showRepository } from "./repository.ts";

/** Stable for a file name, so that it needs no table. */
export const workflowId = (path: string) =>
  [...path].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 90_000_000, 7) + 10_000_000;

export async function showRun(world: World, repository: Repository, run: Run) {
  const api = apiOf(world, repository);
  const url = `${api}/actions/runs/${run.id}`;
  const actor = showUser(world, run.actor);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("WorkflowRun", run.id),
    check_suite_id: run.suiteId,
    check_suite_node_id: nodeId("CheckSuite", run.suiteId),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    run_number: run.runNumber,
    run_attempt: 1,
    referenced_workflows: [],
    event: run.event,
    display_title: run.displayTitle,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflowId(run.path),
    url,
    html_url: `${htmlOf(world, repository)}/actions/runs/${run.id}`,
    pull_requests: pullsAt(repository, run.headSha).map((issue) => showPullMinimal(world, repository, issue)),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.suiteId}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${api}/actions/workflows/${workflowId(run.path)}`,
    head_commit: await showSimpleCommit(repository, run.headSha),
    repository: showRepository(world, repository),
    head_repository: showRepository(world, repository),
  };
}

export function showJob(world: World, repository: Repository, run: Run, job: Job) {
  const api = apiOf(world, repository);
  const started = job.startedAt !== null;
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: 1,
    node_id: nodeId("CheckRun", job.id),
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${htmlOf(world, repository)}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map((step) => ({
      ...step,
      started_at: job.startedAt,
      completed_at: step.status === "completed" ? (job.completedAt ?? job.startedAt) : null,
    })),
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: started ? 1 : null,
    runner_name: started ? "stand-in" : null,
    runner_group_id: started ? 1 : null,
    runner_group_name: started ? "Default" : null,
  };
}

const DAY = 86_400_000;

export function showArtifact(world: World, repository: Repository, run: Run, artifact: Artifact) {
  const url = `${apiOf(world, repository)}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId("Artifact", artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.content.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: false,
    created_at: artifact.createdAt,
    expires_at: new Date(Date.parse(artifact.createdAt) + 90 * DAY).toISOString().replace(".000Z", "Z"),
    updated_at: artifact.createdAt,
    workflow_run: {
      id: run.id,
      repository_id: repository.id,
      head_repository_id: repository.id,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}

export function showWorkflow(world: World, repository: Repository, path: string, name: string) {
  const id = workflowId(path);
  return {
    id,
    node_id: nodeId("Workflow", id),
    name,
    path,
    state: "active",
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    url: `${apiOf(world, repository)}/actions/workflows/${id}`,
    html_url: `${htmlOf(world, repository)}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${htmlOf(world, repository)}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}
