import type { SeenRun } from "../domain/seen.ts";
import { orNothing, type Reader } from "./github.ts";

/** The workflow run behind a run of ours, as far as it is known yet. */
export async function observeRun(
  { octokit, owner, repo }: Reader,
  runId: string,
  workflowRunId: number | undefined,
  lastSeenAt: Date | undefined,
): Promise<SeenRun> {
  const known = { runId, ...(lastSeenAt ? { lastSeenAt } : {}) };
  if (!workflowRunId) return { ...known, status: "unknown" };
  const answer = await orNothing(octokit.rest.actions.getWorkflowRun({ owner, repo, run_id: workflowRunId }));
  if (!answer) return { ...known, status: "completed", conclusion: "deleted" };
  const { status, conclusion, html_url } = answer.data;
  const seen = status === "completed" || status === "in_progress" ? status : "queued";
  return { ...known, status: seen, ...(conclusion ? { conclusion } : {}), url: html_url };
}
