import type { CommandData } from "../domain/commands.ts";
import { type Conclusion, lookAgain, nothing, type Rule, type Scene, say } from "./rule.ts";
import { verdict } from "./verdict.ts";

const MERGEABLE_AGAIN_MS = 2_000;

/** Merges a head for which everything holds, and says what is missing for one that is otherwise ready. */
export const merge: Rule = (scene): Conclusion => {
  const { issue, seen, now } = scene;
  const pr = seen.pullRequest;
  if (!issue.pullRequest || issue.merged || !pr || pr.state !== "open" || pr.headSha !== issue.pullRequest.headSha) return nothing;
  if (issue.mergeRequestedFor === pr.headSha) return refusal(scene, pr);
  const requirements = verdict(scene, pr);
  const missing = requirements.filter(({ ok }) => !ok);
  const onHead = { prNumber: pr.number, headSha: pr.headSha };
  if (missing.length === 0) return say({ type: "MERGE_REQUESTED", data: { ...onHead, verdict: [...requirements] } });
  // Before checks and review have spoken, nothing is blocked: it is on its way.
  if (missing.some(({ name }) => name === "checks" || name === "review")) return nothing;
  const reasons = missing.map(({ because }) => because);
  const again = pr.mergeable === null ? lookAgain(now, MERGEABLE_AGAIN_MS) : nothing;
  if (pr.mergeable === null && missing.length === 1) return again;
  return JSON.stringify(reasons) === JSON.stringify(issue.mergeBlockedBy) ? again : say({ type: "MERGE_BLOCKED", data: { ...onHead, reasons } });
};

/** GitHub's no to a merge of this head is told, never tried again with another head (R15). */
function refusal({ issue, effects }: Scene, pr: { readonly number: NonNullable<Scene["seen"]["pullRequest"]>["number"]; readonly headSha: NonNullable<Scene["seen"]["pullRequest"]>["headSha"] }): Conclusion {
  const last = effects.findLast(({ kind, data }) => kind === "MERGE" && (data as CommandData<"MERGE">).headSha === pr.headSha);
  const refused = last?.state === "confirmed" ? (last.response as { readonly refused?: string } | undefined)?.refused : undefined;
  if (!refused || issue.mergeBlockedBy.length > 0) return nothing;
  return say({ type: "MERGE_BLOCKED", data: { prNumber: pr.number, headSha: pr.headSha, reasons: [`GitHub refused the merge: ${refused}`] } });
}
