import type { Issue } from "../domain/issue.ts";
import type { Review } from "../domain/issue-parts.ts";
import { headsRead, REVIEW_LABEL, unreadable, unsendable } from "../domain/peoples.ts";
import { liveRun } from "../domain/state.ts";
import { hasFailed, isUsedUp, isWanted } from "./peoples-review.ts";
import type { Scene } from "./rule.ts";

/** How far the review of a person's pull request is, in sentences; none where nobody wants one. */
export function toldOfReview(scene: Scene): readonly string[] {
  const { issue, seen } = scene;
  const pr = seen.pullRequest;
  const { review } = issue;
  if (!pr) return [];
  if (review?.headSha === pr.headSha) return [ofHead(scene, review)];
  const before = review && review.result !== "requested" ? [result(review)] : [];
  const act = pr.reviewLabel;
  if (!isWanted(scene, pr)) {
    if (act?.verdict === "refused")
      return [...before, `${act.by} may not have it read: a person with write permission has to put ${REVIEW_LABEL} on it.`];
    return act ? [...before, `GitHub does not say yet what ${act.by} may do here: it is asked again.`] : before;
  }
  const against = unreadable(pr) ?? unsendable(scene);
  if (against) return [...before, against];
  if (!isUsedUp(scene)) return before;
  const heads = headsRead(issue);
  return [...before, `Review-E has read ${heads} ${heads === 1 ? "head" : "heads"} of it: \`/rig review\` has it read this one too.`];
}

function ofHead(scene: Scene, review: Review): string {
  const { issue, seen } = scene;
  const head = short(review);
  if (review.result !== "requested") return result(review);
  const failed = hasFailed(scene);
  if (failed) return `Review-E has not judged ${head}. ${ended(failed)} \`/rig review\` has it tried again.`;
  if (issue.waiting?.for === "budget")
    return `Review-E has not judged ${head}. ${ended(issue.waiting.reason)} \`/rig budget <usd>\` by a person with maintain permission lets it go on.`;
  const run = liveRun(issue);
  if (run?.startedAt && run.baseSha !== review.headSha) return `Review-E reads ${head} when it is done with the head before.`;
  const against = run ? undefined : ((seen.pullRequest && unreadable(seen.pullRequest)) ?? unsendable(scene));
  if (against) return `Review-E has not judged ${head}. ${against}`;
  return `Review-E reads ${head}.${run?.starvedAt && !run.startedAt ? " No runner has taken it for too long: look at the runners of this repository." : ""}`;
}

function result(review: Review): string {
  const by = review.reviewer ?? "Review-E";
  return review.result === "passed"
    ? `${by} has read ${short(review)} and approves it.`
    : `${by} has read ${short(review)} and asks for changes.`;
}

const short = ({ headSha }: NonNullable<Issue["review"]>): string => headSha.slice(0, 7);

const ended = (text: string): string => text.replace(/[.\s]*$/, ".");
