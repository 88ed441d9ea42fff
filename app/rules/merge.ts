import { type Conclusion, lookAgain, nothing, type Rule, say } from "./rule.ts";
import { refusedMerge, verdict } from "./verdict.ts";

const MERGEABLE_AGAIN_MS = 2_000;
/** A queue may drop it without a word that arrives. */
const UNDER_WAY_MS = 60_000;

/** Merges a head for which everything holds, and says what is missing for one that is otherwise ready. */
export const merge: Rule = (scene): Conclusion => {
  const { issue, seen, now } = scene;
  const pr = seen.pullRequest;
  if (!issue.pullRequest || issue.merged || !pr || pr.state !== "open" || pr.headSha !== issue.pullRequest.headSha) return nothing;
  const refused = refusedMerge(scene, pr);
  // A merge that was asked for is under way, until GitHub says no to it (R15).
  const answered = refused && issue.mergeRequestedAt && refused.at >= issue.mergeRequestedAt;
  if (issue.mergeRequestedFor === pr.headSha && !answered) return lookAgain(now, UNDER_WAY_MS);
  const requirements = verdict(scene, pr);
  const missing = requirements.filter(({ ok }) => !ok);
  const onHead = { prNumber: pr.number, headSha: pr.headSha };
  if (missing.length === 0) return say({ type: "MERGE_REQUESTED", data: { ...onHead, verdict: [...requirements] } });
  // Before checks and review have spoken, nothing is blocked: it is on its way.
  if (missing.some(({ name }) => name === "checks" || name === "review")) return nothing;
  // What GitHub is still computing is asked for again before anything is said to be in the way.
  if (pr.mergeable === null) return lookAgain(now, MERGEABLE_AGAIN_MS);
  const reasons = missing.map(({ because }) => because);
  const told = JSON.stringify(reasons) === JSON.stringify(issue.mergeBlockedBy);
  if (!told) return say({ type: "MERGE_BLOCKED", data: { ...onHead, reasons } });
  return refused?.againAt && !refused.due ? { events: [], wakeAt: refused.againAt } : nothing;
};
