import { Sha } from "../../domain/ids.ts";
import type { SeenDeployment } from "../../domain/seen.ts";
import type { Reader } from "../github.ts";
import { type Heard, oneLine } from "../one-line.ts";
import { contains } from "./contains.ts";
import { observeWorkflowRun, type SeenWorkflowRun } from "./workflow-run.ts";

/** A deployment that is older than the merge does not have it in it; so far GitHub's clock and ours may differ. */
const SKEW_MS = 5 * 60_000;
const MOST = 30;

interface Listed {
  readonly id: number;
  readonly sha: string;
  readonly created_at: string;
}

/** Where its deployments stand with the merge: what is live if that has it, else the newest that has it. */
export async function observeDeployments(
  reader: Reader,
  environment: string,
  mergeSha: Sha,
  mergedAt: Date,
  heard: Heard = oneLine,
): Promise<SeenDeployment | undefined> {
  const { octokit, owner, repo } = reader;
  const { data } = await octokit.rest.repos.listDeployments({ owner, repo, environment, per_page: MOST });
  const young = data.filter(({ created_at }) => Date.parse(created_at) >= mergedAt.getTime() - SKEW_MS);
  let newest: SeenDeployment | undefined;
  let live: Listed | undefined;
  for (const listed of young) {
    const has = await contains(reader, mergeSha, listed.sha);
    // One success is live at a time: the newest. Of what lies below it, only what has the merge has something to tell.
    if (!has && live) continue;
    const { wasLive, ...deployment } = await observeOne(reader, listed, heard);
    if (has && deployment.state === "success" && !live) return deployment;
    if (has && wasLive && live) return newest ?? gone(deployment, live);
    if (has && deployment.state !== "success") newest ??= deployment;
    if (!has && deployment.state === "success") live = listed;
  }
  return newest;
}

const gone = (deployment: SeenDeployment, by: Listed): SeenDeployment => ({
  ...deployment,
  state: "replaced",
  because: `deployment ${by.id} of ${by.sha.slice(0, 7)}, which does not have the merge in it, took the place of deployment ${deployment.id}`,
});

async function observeOne(
  reader: Reader,
  { id, sha, created_at }: Listed,
  heard: Heard,
): Promise<SeenDeployment & { readonly wasLive: boolean }> {
  const { octokit, owner, repo } = reader;
  const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: MOST });
  const [newest] = statuses;
  const wasLive = statuses.some(({ state }) => state === "success");
  const begun = statuses.findLast(({ state }) => state === "in_progress");
  const seen = {
    id,
    sha: Sha.parse(sha),
    url: newest?.environment_url ?? "",
    createdAt: new Date(created_at),
    ...(newest ? { changedAt: new Date(newest.created_at) } : {}),
    ...(begun ? { startedAt: new Date(begun.created_at) } : {}),
    wasLive,
  };
  const state = newest?.state ?? "pending";
  if (state === "success") return { ...seen, state };
  // What was never live and is put aside never came to anything.
  if (state === "inactive")
    return { ...seen, ...(wasLive ? { state: "pending", because: `GitHub shows deployment ${id} as inactive` } : { state: "cancelled" }) };
  const runId = Number(/\/actions\/runs\/(\d+)/.exec(newest?.log_url || newest?.target_url || "")?.[1]);
  const run = Number.isSafeInteger(runId) ? await observeWorkflowRun(reader, runId, heard) : undefined;
  const ended = state === "failure" || state === "error";
  if (run) return { ...seen, ...ofRun(run, ended) };
  // GitHub's own description of the states leaves this one out.
  if ((state as string) === "waiting") return { ...seen, state: "waiting", reviewers: [] };
  return { ...seen, state: ended ? "failure" : "pending", ...(ended ? { because: `GitHub shows deployment ${id} as failed` } : {}) };
}

/** A deployment shows a failure also where its run was cancelled; and the run may go on after it. */
function ofRun({ state, url, changedAt, reviewers, because }: SeenWorkflowRun, ended: boolean): Omit<SeenDeployment, "sha" | "createdAt"> {
  if (state === "cancelled") return { state, url };
  if (ended || state === "failure") return { state: "failure", url, because: because ?? "GitHub shows the deployment as failed" };
  if (state === "waiting") return { state, url, changedAt, reviewers: reviewers ?? [] };
  return { state: "pending", url, changedAt };
}
