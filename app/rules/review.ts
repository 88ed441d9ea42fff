import type { PrNumber, Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { SeenReview } from "../domain/seen.ts";
import { liveRun } from "../domain/state.ts";
import { requestRun } from "./request-run.ts";
import { type Conclusion, nothing, type Rule, type Scene, say } from "./rule.ts";

/** A head whose checks passed is read by Review-E; its word, or a person's, about this head counts. */
export const review: Rule = (scene): Conclusion => {
  const { issue, seen } = scene;
  const { pullRequest } = issue;
  const head = pullRequest?.headSha;
  if (!pullRequest || !head || seen.pullRequest?.headSha !== head || seen.pullRequest.state !== "open") return nothing;

  const verdict = latestVerdict(scene, seen.pullRequest.reviews);
  if (verdict && (issue.review?.headSha !== head || issue.review.reviewId !== verdict.id))
    return recorded(scene, { prNumber: pullRequest.number, headSha: head }, verdict);

  if (issue.ci?.headSha !== head || !issue.ci.passed) return nothing;
  // Dismissed, it says nothing any more: Review-E is asked again (R12b).
  const said = seen.pullRequest.reviews.find(({ id }) => id === issue.review?.reviewId);
  const dismissed = issue.review?.result === "passed" && said?.state === "DISMISSED";
  if (issue.review?.headSha !== head || dismissed) {
    return say({ type: "REVIEW_REQUESTED", data: { prNumber: pullRequest.number, headSha: head, iteration: issue.reviewRounds + 1 } });
  }
  if (issue.review.result !== "requested" || issue.waiting || liveRun(issue) || awaitsVerdict(issue)) return nothing;
  return requestRun(scene, { kind: "review", baseSha: head, findings: [] });
};

/** A finished review whose words are not to be seen on GitHub yet; `runs` calls it stuck when they never come. */
const awaitsVerdict = (issue: Issue): boolean => {
  const last = issue.runs.at(-1);
  return (
    last?.kind === "review" &&
    last.baseSha === issue.review?.headSha &&
    last.requestedAt >= issue.review.since &&
    last.finished !== undefined &&
    last.stuck === undefined
  );
};

/**
 * What this head's reviews come to: the no of a person with write permission who has not taken it back, else Review-E's last word. A no
 * stands whatever Review-E says before or after it, however late it is heard.
 */
function latestVerdict({ issue, identities }: Scene, reviews: readonly SeenReview[]): SeenReview | undefined {
  const head = issue.pullRequest?.headSha;
  const reviewer = identities.review ?? identities.rig;
  const said = reviews
    .filter(({ commitId, state }) => commitId === head && (state === "APPROVED" || state === "CHANGES_REQUESTED"))
    .toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime() || a.id - b.id);
  const lastWords = [...new Map(said.map((review) => [review.byId, review])).values()];
  const persons = lastWords.findLast(
    ({ byId, byType, state, canWrite }) => byId !== reviewer && byType === "User" && state === "CHANGES_REQUESTED" && canWrite,
  );
  return persons ?? lastWords.find(({ byId }) => byId === reviewer);
}

function recorded(
  { issue, identities }: Scene,
  onHead: { readonly prNumber: PrNumber; readonly headSha: Sha },
  said: SeenReview,
): Conclusion {
  const byAgent = said.byId === (identities.review ?? identities.rig);
  const who = { actor: { kind: byAgent ? ("agent" as const) : ("human" as const), login: said.by, id: said.byId }, at: said.submittedAt };
  const data = { ...onHead, reviewer: said.by, reviewId: said.id };
  if (said.state === "APPROVED") return { events: [{ type: "REVIEW_PASSED", data, ...who }] };
  const findings = said.findings.length > 0 ? said.findings : [{ by: said.by, text: said.body }];
  return {
    events: [{ type: "REVIEW_CHANGES_REQUESTED", data: { ...data, iteration: issue.reviewRounds + 1, findings: [...findings] }, ...who }],
  };
}
