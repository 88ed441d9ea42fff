import type { SeenRun } from "../domain/seen.ts";
import { orNothing, type Reader } from "./github.ts";

/** The workflow run behind a run of ours, as far as it is known yet. */
export async function observeRun(
  reader: Reader,
  runId: string,
  workflowRunId: number | undefined,
  lastSeenAt: Date | undefined,
): Promise<SeenRun> {
  const { octokit, owner, repo } = reader;
  const known = { runId, ...(lastSeenAt ? { lastSeenAt } : {}) };
  if (!workflowRunId) return { ...known, status: "unknown" };
  const answer = await orNothing(octokit.rest.actions.getWorkflowRun({ owner, repo, run_id: workflowRunId }));
  if (!answer) return { ...known, status: "completed", conclusion: "deleted" };
  const { status, conclusion, html_url } = answer.data;
  const seen = status === "completed" || status === "in_progress" ? status : "queued";
  const superseded = conclusion === "cancelled" && (await wasSuperseded(reader, workflowRunId));
  return { ...known, status: seen, ...(conclusion ? { conclusion } : {}), ...(superseded ? { superseded } : {}), url: html_url };
}

/** F20: GitHub does not say who cancelled a run. Where its own concurrency did, a note on a job says so, and nobody else can write it. */
async function wasSuperseded({ octokit, owner, repo }: Reader, run_id: number): Promise<boolean> {
  const { data } = await octokit.rest.actions.listJobsForWorkflowRun({ owner, repo, run_id, per_page: 30 });
  for (const job of data.jobs.filter(({ conclusion }) => conclusion === "cancelled")) {
    const notes = await orNothing(octokit.rest.checks.listAnnotations({ owner, repo, check_run_id: job.id, per_page: 20 }));
    if (notes?.data.some(({ message }) => /higher priority waiting request/i.test(message ?? ""))) return true;
  }
  return false;
}
