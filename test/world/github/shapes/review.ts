import { associationOf } from "../auth/association.ts";
import type { Issue } from "../state/issue.ts";
import type { Review, ReviewComment } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { showReactions } from "./issue.ts";
import { nodeId } from "./node-id.ts";
import { showUser } from "./people.ts";
import { apiOf, htmlOf } from "./repository.ts";

export function showReview(world: World, repository: Repository, { number }: Issue, review: Review) {
  const html = `${htmlOf(world, repository)}/pull/${number}#pullrequestreview-${review.id}`;
  const pull = `${apiOf(world, repository)}/pulls/${number}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: showUser(world, review.author.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(repository, review.author.user),
    _links: { html: { href: html }, pull_request: { href: pull } },
    ...(review.submittedAt ? { submitted_at: review.submittedAt } : {}),
    commit_id: review.commitSha,
  };
}

export function showReviewComment(world: World, repository: Repository, { number }: Issue, comment: ReviewComment) {
  const url = `${apiOf(world, repository)}/pulls/comments/${comment.id}`;
  const html = `${htmlOf(world, repository)}/pull/${number}#discussion_r${comment.id}`;
  const pull = `${apiOf(world, repository)}/pulls/${number}`;
  const { line } = comment;
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId("PullRequestReviewComment", comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: comment.commitSha,
    original_commit_id: comment.commitSha,
    position: line ?? 1,
    original_position: line ?? 1,
    ...(line === null ? { subject_type: "file" } : { line, original_line: line, side: comment.side, subject_type: "line" }),
    start_line: null,
    original_start_line: null,
    start_side: null,
    ...(comment.inReplyTo === undefined ? {} : { in_reply_to_id: comment.inReplyTo }),
    user: showUser(world, comment.author.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(repository, comment.author.user),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    reactions: showReactions(url, []),
  };
}
