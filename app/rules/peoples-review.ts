import type { Issue } from "../domain/issue.ts";
import { headsRead, unreadable, unsendable } from "../domain/peoples.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { liveRun } from "../domain/state.ts";
import { requestRun } from "./request-run.ts";
import { abstained, awaitsVerdict, recorded } from "./review.ts";
import { abstention, lastWord } from "./reviews.ts";
import { type Conclusion, lookAgain, nothing, type Rule, type Scene, say } from "./rule.ts";
import { undispatched } from "./undispatched.ts";

const ASK_AGAIN_MS = 30_000;
const MOST_ABSTENTIONS = 2;

/**
 * A person's pull request is read by Review-E where a person or the repository's settings want that. What it finds is written down
 * and shown; nobody is sent to answer, and nothing waits for it.
 */
export const peoplesReview: Rule = (scene) => {
  const { issue, seen, now } = scene;
  const pr = seen.pullRequest;
  const head = issue.pullRequest?.headSha;
  if (!issue.watched || issue.held || issue.merged || !head || pr?.state !== "open" || pr.headSha !== head) return nothing;
  if (issue.review?.headSha === head) {
    const told = spoken(scene, pr) ?? undispatched(scene);
    if (told) return told;
  }
  if (unreadable(pr) || unsendable(scene)) return nothing;
  if (issue.review?.headSha !== head) {
    if (isUsedUp(scene)) return nothing;
    if (isWanted(scene, pr))
      return say({ type: "REVIEW_REQUESTED", data: { prNumber: pr.number, headSha: head, iteration: headsRead(issue) + 1 } });
    return pr.reviewLabel?.verdict === "undecided" ? lookAgain(now, ASK_AGAIN_MS) : nothing;
  }
  if (issue.review.result !== "requested" || issue.waiting || hasFailed(scene) || isOnItsWay(issue) || awaitsVerdict(issue)) return nothing;
  return requestRun(scene, { kind: "review", baseSha: head, findings: [] });
};

/** The label, by whoever may write now (R1), or the setting. */
export const isWanted = ({ policy }: Scene, { reviewLabel }: SeenPullRequest): boolean =>
  policy.review.peoples || reviewLabel?.verdict === "admitted";

/** So many heads are read without anybody asking about each; what a person asks for by command is theirs to bound. */
export const isUsedUp = ({ issue, policy }: Scene): boolean => headsRead(issue) >= policy.limits.reviewRounds;

/** Why nobody is sent to the present head any more, although it was not judged. */
export function hasFailed({ issue, policy }: Scene): string | undefined {
  const { review, runs } = issue;
  if (review?.result !== "requested") return undefined;
  if ((review.abstentions?.length ?? 0) >= MOST_ABSTENTIONS) return `Review-E abstained: ${review.abstentions?.at(-1)}`;
  const lost = runs.flatMap(({ kind, baseSha, requestedAt, stuck }) =>
    kind === "review" && baseSha === review.headSha && requestedAt >= review.since && stuck ? [stuck] : [],
  );
  const last = lost.at(-1);
  // Whoever cancelled it does not want it.
  return last && (last.cause === "human" || lost.length > policy.limits.infraRetries) ? last.reason : undefined;
}

/** What Review-E has said of the head since it was asked. */
function spoken(scene: Scene, { number, headSha, reviews }: SeenPullRequest): Conclusion | undefined {
  const onHead = { prNumber: number, headSha };
  const word = lastWord(
    scene,
    reviews.filter(({ commitId }) => commitId === headSha),
  );
  if (word && word.said.id !== scene.issue.review?.reviewId) return recorded(scene, onHead, word);
  const without = abstention(scene, reviews);
  return without && abstained(onHead, without);
}

/** A reviewer that has begun on another head may finish there; one that has not is sent to this one. */
function isOnItsWay(issue: Issue): boolean {
  const run = liveRun(issue);
  return run !== undefined && (run.startedAt !== undefined || run.baseSha === issue.pullRequest?.headSha);
}
