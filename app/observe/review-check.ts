import type { SeenReview } from "../domain/seen.ts";
import type { Reader } from "./github.ts";

const CHECK = "rig/review";

/**
 * Review-E's word where it has no App of its own: GitHub lets nobody approve their own App's pull request, so its check on
 * the head, made by our own App and by nobody else, says it.
 */
export async function observeReviewCheck(
  { octokit, owner, repo }: Reader,
  headSha: string,
  rig: { readonly id: number; readonly appId: number },
): Promise<readonly SeenReview[]> {
  const { data } = await octokit.rest.checks.listForRef({ owner, repo, ref: headSha, check_name: CHECK, app_id: rig.appId, filter: "all" });
  return data.check_runs
    .filter(({ status }) => status === "completed")
    .map(({ id, conclusion, completed_at, output }) => ({
      id,
      by: "review-e",
      byId: rig.id,
      byType: "Bot",
      state: conclusion === "success" ? ("APPROVED" as const) : ("CHANGES_REQUESTED" as const),
      commitId: headSha,
      submittedAt: new Date(completed_at ?? 0),
      body: output.summary ?? "",
      findings: [],
      canWrite: false,
    }));
}
