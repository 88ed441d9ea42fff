import type { Finding } from "../domain/events.ts";
import type { Issue } from "../domain/issue.ts";
import type { SeenReview } from "../domain/seen.ts";
import { liveRun } from "../domain/state.ts";
import { requestRun } from "./request-run.ts";
import { abstention, findingsOf, type Heard, latestVerdict } from "./reviews.ts";
import { type Conclusion, nothing, type Rule, type Scene, say } from "./rule.ts";

/** A head whose checks passed is read by Review-E; its word, or a person's, about this head counts. */
export const review: Rule = (scene): Conclusion => {
  const { issue, seen } = scene;
  const { pullRequest } = issue;
  const head = pullRequest?.headSha;
  if (!pullRequest || !head || seen.pullRequest?.headSha !== head || seen.pullRequest.state !== "open") return nothing;

  const onHead = { prNumber: pullRequest.number, headSha: head };
  const verdict = latestVerdict(scene, seen.pullRequest.reviews);
  if (verdict && (issue.review?.headSha !== head || issue.review.reviewId !== verdict.said.id)) return recorded(scene, onHead, verdict);
  const without = abstention(scene, seen.pullRequest.reviews);
  if (without) return abstained(onHead, without);

  if (issue.ci?.headSha !== head || !issue.ci.passed) return nothing;
  // Dismissed, it says nothing any more: Review-E is asked again (R12b). What a person overruled was dismissed for that.
  const said = seen.pullRequest.reviews.find(({ id }) => id === issue.review?.reviewId);
  const dismissed = issue.review?.result === "passed" && issue.overruled?.headSha !== head && said?.state === "DISMISSED";
  // Whoever asked for changes took that back, and Review-E has not spoken.
  const takenBack = issue.review?.result === "changes_requested" && issue.review.byPerson && !verdict;
  if (issue.review?.headSha !== head || dismissed || takenBack || asksAgain(issue)) {
    return say({ type: "REVIEW_REQUESTED", data: { ...onHead, iteration: issue.reviewRounds + 1 } });
  }
  if (issue.review.result !== "requested" || issue.waiting || liveRun(issue) || awaitsVerdict(issue)) return nothing;
  return requestRun(scene, { kind: "review", baseSha: head, findings: [] });
};

/** An author who objects to findings and changed nothing: the reviewer looks at them once more. */
function asksAgain({ review, runs, disputes }: Issue): boolean {
  const last = runs.at(-1);
  if (review?.result !== "changes_requested" || review.byPerson || !last?.disputed || last.baseSha !== review.headSha) return false;
  return last.finished?.outcome === "nothing_to_do" && !last.fenced && disputes.some(({ upheld }) => !upheld);
}

/** A finished review whose words are not to be seen on GitHub yet; `runs` calls it stuck when they never come. */
export const awaitsVerdict = (issue: Issue): boolean => {
  const last = issue.runs.at(-1);
  return (
    last?.kind === "review" &&
    last.baseSha === issue.review?.headSha &&
    last.requestedAt >= issue.review.since &&
    last.finished !== undefined &&
    last.stuck === undefined
  );
};

type OnHead = { readonly prNumber: NonNullable<Issue["pullRequest"]>["number"]; readonly headSha: NonNullable<Issue["review"]>["headSha"] };

const saidBy = ({ by, byId, submittedAt }: SeenReview, kind: "agent" | "human") => ({
  actor: { kind, login: by, id: byId },
  at: submittedAt,
});

export function recorded(scene: Scene, onHead: OnHead, { said, byPerson, all }: Heard): Conclusion {
  const who = saidBy(said, byPerson ? "human" : "agent");
  const data = { ...onHead, reviewer: said.by, reviewId: said.id };
  if (said.state === "APPROVED") return { events: [{ type: "REVIEW_PASSED", data, ...who }] };
  const findings: readonly Finding[] = findingsOf(scene.issue, said, byPerson, all);
  return {
    events: [
      {
        type: "REVIEW_CHANGES_REQUESTED",
        data: {
          ...{ ...data, iteration: scene.issue.reviewRounds + 1, findings: [...findings] },
          ...(byPerson ? { byPerson: true as const } : {}),
        },
        ...who,
      },
    ],
  };
}

export const abstained = (onHead: OnHead, said: SeenReview): Conclusion => ({
  events: [
    {
      type: "REVIEW_ABSTAINED",
      data: { ...onHead, reviewer: said.by, reviewId: said.id, why: said.findings[0]?.text ?? said.body },
      ...saidBy(said, "agent"),
    },
  ],
});
