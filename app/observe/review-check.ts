import { OVERRULED } from "../domain/review-check.ts";
import type { SeenReview } from "../domain/seen.ts";
import type { Reader } from "./github.ts";
import { machineNote, wordsOf } from "./review-note.ts";

const CHECK = "rig/review";

/** A conclusion that is neither yes nor "cannot say" is a no. */
const states: Readonly<Record<string, SeenReview["state"]>> = { success: "APPROVED", action_required: "COMMENTED" };

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
  return (
    data.check_runs
      // What says that a person overruled it is no word of Review-E's.
      .filter(({ status, external_id }) => status === "completed" && !external_id?.startsWith(OVERRULED))
      .map(({ id, conclusion, completed_at, output }) => ({
        id,
        by: "review-e",
        byId: rig.id,
        byType: "Bot",
        state: states[conclusion ?? ""] ?? "CHANGES_REQUESTED",
        commitId: headSha,
        submittedAt: new Date(completed_at ?? 0),
        body: output.summary ?? "",
        findings: wordsOf(`r${id}`, "review-e", output.summary ?? ""),
        ...machineNote(output.summary ?? ""),
        canWrite: false,
      }))
  );
}
