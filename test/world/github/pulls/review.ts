import { invalid, Refusal } from "../http/refusal.ts";
import { record } from "../issues/acts.ts";
import { type PullIssue, showPull } from "../shapes/pull.ts";
import { showReview } from "../shapes/review.ts";
import type { Author } from "../state/people.ts";
import type { Review, ReviewComment, ReviewState } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso, type World } from "../world.ts";
import { pullFiles } from "./content.ts";

export interface DraftComment {
  readonly path: string;
  readonly body: string;
  readonly line?: number;
  readonly position?: number;
  readonly side?: string;
}

export interface NewReview {
  readonly event?: "APPROVE" | "REQUEST_CHANGES" | "COMMENT";
  readonly body: string;
  readonly commitSha: string;
  readonly comments: readonly DraftComment[];
}

const states: Readonly<Record<string, ReviewState>> = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" };

function tell(world: World, repository: Repository, issue: PullIssue, review: Review, action: string, by: Author): void {
  const shown = {
    ...showReview(world, repository, issue, review),
    state: review.state.toLowerCase(),
    submitted_at: review.submittedAt ?? null,
  };
  const sha = issue.pull.testMerge?.sha;
  const payload = { review: shown, pull_request: showPull(world, repository, issue) };
  announce(world, repository, {
    event: "pull_request_review",
    action,
    by,
    payload,
    ref: `refs/pull/${issue.number}/merge`,
    ...(sha ? { sha } : { startsNothing: true }),
  });
}

async function newComment(
  world: World,
  repository: Repository,
  issue: PullIssue,
  review: Review,
  draft: DraftComment,
): Promise<ReviewComment> {
  const file = (await pullFiles(repository, issue.pull)).find(({ filename }) => filename === draft.path);
  if (!file) throw invalid("Path could not be resolved");
  const line = draft.line ?? draft.position ?? null;
  if (line !== null && !file.patch) throw invalid("Line could not be resolved");
  const at = nowIso(world);
  return {
    id: nextId(world, "comment"),
    reviewId: review.id,
    author: review.author,
    path: draft.path,
    line,
    side: draft.side === "LEFT" ? "LEFT" : "RIGHT",
    commitSha: review.commitSha,
    diffHunk: file.patch?.split("\n").slice(0, 4).join("\n") ?? "",
    createdAt: at,
    updatedAt: at,
    body: draft.body,
  };
}

export function submit(
  world: World,
  repository: Repository,
  issue: PullIssue,
  review: Review,
  event: NonNullable<NewReview["event"]>,
): void {
  if (event !== "COMMENT" && review.author.user.id === issue.author.user.id) {
    throw new Refusal(422, "Unprocessable Entity", [
      `Can not ${event === "APPROVE" ? "approve" : "request changes on"} your own pull request`,
    ]);
  }
  if (event === "APPROVE" && review.author.byJob)
    throw new Refusal(422, "Unprocessable Entity", ["GitHub Actions is not permitted to approve pull requests."]);
  if (event !== "APPROVE" && !review.body.trim() && !issue.pull.reviewComments.some(({ reviewId }) => reviewId === review.id)) {
    throw new Refusal(422, "Unprocessable Entity", ["Review body cannot be blank"]);
  }
  review.state = states[event] ?? "COMMENTED";
  review.submittedAt = nowIso(world);
  const { requestedReviewers } = issue.pull;
  const asked = requestedReviewers.findIndex(({ id }) => id === review.author.user.id);
  if (asked >= 0) requestedReviewers.splice(asked, 1);
  record(world, issue, "reviewed", review.author, { reviewId: review.id });
  tell(world, repository, issue, review, "submitted", review.author);
}

export async function createReview(
  world: World,
  repository: Repository,
  issue: PullIssue,
  author: Author,
  wanted: NewReview,
): Promise<Review> {
  const { pull } = issue;
  if (!wanted.event && pull.reviews.some(({ state, author: { user } }) => state === "PENDING" && user.id === author.user.id)) {
    throw new Refusal(422, "Unprocessable Entity", ["User can only have one pending review per pull request"]);
  }
  const review: Review = { id: nextId(world, "review"), author, commitSha: wanted.commitSha, body: wanted.body, state: "PENDING" };
  const comments = await Promise.all(wanted.comments.map((draft) => newComment(world, repository, issue, review, draft)));
  pull.reviews.push(review);
  pull.reviewComments.push(...comments);
  try {
    if (wanted.event) submit(world, repository, issue, review, wanted.event);
  } catch (error) {
    pull.reviews.splice(pull.reviews.indexOf(review), 1);
    for (const comment of comments) pull.reviewComments.splice(pull.reviewComments.indexOf(comment), 1);
    throw error;
  }
  return review;
}

export function dismiss(world: World, repository: Repository, issue: PullIssue, review: Review, by: Author, message: string): void {
  if (!["APPROVED", "CHANGES_REQUESTED"].includes(review.state))
    throw new Refusal(422, "Unprocessable Entity", [`Can not dismiss a ${review.state.toLowerCase()} pull request review`]);
  const state = review.state;
  review.state = "DISMISSED";
  record(world, issue, "review_dismissed", by, { dismissed: { reviewId: review.id, state, message } });
  tell(world, repository, issue, review, "dismissed", by);
}
