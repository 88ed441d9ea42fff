import { notFound, Refusal } from "../http/refusal.ts";
import { showArtifact, showJob, showRun } from "../shapes/run.ts";
import type { Repository } from "../state/repository.ts";
import type { Artifact, Job, Run } from "../state/run.ts";
import type { World } from "../world.ts";
import { type Answer, type Endpoint, ok, onRepository } from "./endpoint.ts";
import { counted } from "./pages.ts";

const reads = { app: { actions: "read" }, person: "read" } as const;
const writes = { app: { actions: "write" }, person: "write" } as const;

interface RunFilter {
  readonly actor?: string | undefined;
  readonly branch?: string | undefined;
  readonly event?: string | undefined;
  readonly status?: string | undefined;
  readonly head_sha?: string | undefined;
  readonly created?: string | undefined;
}

/** `>=2026-01-01`, `2026-01-01..2026-02-01`, or one day. */
function inRange(at: string, range: string | undefined): boolean {
  if (!range) return true;
  const [from, to] = range.split("..");
  if (to !== undefined) return (from === "*" || at >= (from ?? "")) && (to === "*" || at.slice(0, to.length) <= to);
  const [, sign, value = ""] = /^(>=|<=|>|<)?(.*)$/.exec(range) ?? [];
  const prefix = at.slice(0, value.length);
  switch (sign) {
    case ">=":
      return prefix >= value;
    case "<=":
      return prefix <= value;
    case ">":
      return prefix > value;
    case "<":
      return prefix < value;
    default:
      return prefix === value;
  }
}

/** Newest first. */
export function filterRuns(repository: Repository, filter: RunFilter): Run[] {
  const fits = (run: Run) =>
    (!filter.actor || run.actor.login.toLowerCase() === filter.actor.toLowerCase()) &&
    (!filter.branch || run.headBranch === filter.branch) &&
    (!filter.event || run.event === filter.event) &&
    (!filter.status || run.status === filter.status || run.conclusion === filter.status) &&
    (!filter.head_sha || run.headSha === filter.head_sha) &&
    inRange(run.createdAt, filter.created);
  return [...repository.runs.values()].filter(fits).reverse();
}

function findRun(repository: Repository, id: number): Run {
  const run = repository.runs.get(id);
  if (!run) throw notFound();
  return run;
}

function findJob(repository: Repository, id: number): { readonly run: Run; readonly job: Job } {
  for (const run of repository.runs.values()) {
    const job = run.jobs.find((one) => one.id === id);
    if (job) return { run, job };
  }
  throw notFound();
}

function findArtifact(repository: Repository, id: number): { readonly run: Run; readonly artifact: Artifact } {
  for (const run of repository.runs.values()) {
    const artifact = run.artifacts.find((one) => one.id === id);
    if (artifact) return { run, artifact };
  }
  throw notFound();
}

/** An address that works without a token, as GitHub hands out for files. */
function redirect(world: World, type: string, content: Buffer): Answer {
  const secret = crypto.randomUUID();
  world.downloads.set(secret, { type, content });
  return { status: 302, headers: { location: `${world.origin}/_downloads/${secret}` } };
}

export const runEndpoints: readonly Endpoint[] = [
  onRepository("actions/list-workflow-runs-for-repo", reads, (call) =>
    counted(call, "workflow_runs", filterRuns(call.repository, call.query), (run) => showRun(call.world, call.repository, run)),
  ),
  onRepository("actions/get-workflow-run", reads, async ({ world, repository, params }) =>
    ok(await showRun(world, repository, findRun(repository, params.run_id))),
  ),
  onRepository("actions/cancel-workflow-run", writes, ({ world, repository, params }) => {
    const run = findRun(repository, params.run_id);
    if (run.status === "completed") throw new Refusal(409, "Cannot cancel a workflow run that is completed.");
    world.runner?.cancel(run.id);
    return { status: 202, body: {} };
  }),
  onRepository("actions/list-jobs-for-workflow-run", reads, (call) => {
    const { world, repository } = call;
    const run = findRun(repository, call.params.run_id);
    return counted(call, "jobs", run.jobs, (job) => showJob(world, repository, run, job));
  }),
  onRepository("actions/get-job-for-workflow-run", reads, ({ world, repository, params }) => {
    const { run, job } = findJob(repository, params.job_id);
    return ok(showJob(world, repository, run, job));
  }),
  onRepository("actions/download-job-logs-for-workflow-run", { ...reads, person: "write" }, ({ world, repository, params }) => {
    const { job } = findJob(repository, params.job_id);
    if (job.status !== "completed") throw notFound();
    return redirect(world, "text/plain; charset=utf-8", Buffer.from(job.log));
  }),
  onRepository("actions/list-workflow-run-artifacts", reads, (call) => {
    const { world, repository, query } = call;
    const run = findRun(repository, call.params.run_id);
    const artifacts = run.artifacts.filter(({ name }) => !query.name || name === query.name);
    return counted(call, "artifacts", artifacts, (artifact) => showArtifact(world, repository, run, artifact));
  }),
  onRepository("actions/get-artifact", reads, ({ world, repository, params }) => {
    const { run, artifact } = findArtifact(repository, params.artifact_id);
    return ok(showArtifact(world, repository, run, artifact));
  }),
  onRepository("actions/download-artifact", reads, ({ world, repository, params }) =>
    redirect(world, "application/zip", findArtifact(repository, params.artifact_id).artifact.content),
  ),
];
