import { atLeast, roleOf } from "../auth/authorize.ts";
import { Refusal } from "../http/refusal.ts";
import { addComment, deleteComment, editComment } from "../issues/comments.ts";
import { showComment } from "../shapes/issue.ts";
import type { Comment } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { created, type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { findComment, findIssue } from "./find.ts";
import { listed } from "./pages.ts";
import { acceptable } from "./text.ts";

const reads = { app: { issues: "read" }, person: "read", pullsToo: true } as const;
const writes = { app: { issues: "write" }, person: "read", pullsToo: true } as const;

/** One's own, or with the write role: so people can edit what others said. */
function refuseUnlessMine(repository: Repository, { user, app }: Author, comment: Comment): void {
  if (comment.author.user.id === user.id || (!app && atLeast(roleOf(repository, user), "write"))) return;
  throw new Refusal(403, app ? "Resource not accessible by integration" : "Must have write rights to Repository.");
}

const byDate = (comment: Comment, sort: string | undefined) => (sort === "updated" ? comment.updatedAt : comment.createdAt);

export const commentEndpoints: readonly Endpoint[] = [
  onRepository("issues/list-comments", reads, (call) => {
    const { world, repository, query } = call;
    const { number } = findIssue(repository, call.params.issue_number);
    const comments = [...repository.comments.values()].filter(
      (one) => one.issueNumber === number && (!query.since || one.updatedAt >= query.since),
    );
    return listed(call, comments, (comment) => showComment(world, repository, comment));
  }),
  onRepository("issues/list-comments-for-repo", { app: [{ issues: "read" }, { pull_requests: "read" }], person: "read" }, (call) => {
    const { world, repository, query } = call;
    const comments = [...repository.comments.values()]
      .filter(({ updatedAt }) => !query.since || updatedAt >= query.since)
      .sort((one, other) => byDate(one, query.sort).localeCompare(byDate(other, query.sort)) || one.id - other.id);
    // Without a sort GitHub takes no notice of the direction.
    const found = query.sort && query.direction === "desc" ? comments.reverse() : comments;
    return listed(call, found, (comment) => showComment(world, repository, comment));
  }),
  onRepository("issues/get-comment", reads, ({ world, repository, params }) =>
    ok(showComment(world, repository, findComment(repository, params.comment_id))),
  ),
  onRepository("issues/create-comment", writes, ({ world, repository, author, params, body }) => {
    const issue = findIssue(repository, params.issue_number);
    const by = author();
    if (issue.locked && !by.app && !atLeast(roleOf(repository, by.user), "write"))
      throw new Refusal(403, "Unable to create comment because issue is locked.");
    return created(showComment(world, repository, addComment(world, repository, issue, by, acceptable("IssueComment", body.body))));
  }),
  onRepository("issues/update-comment", writes, ({ world, repository, author, params, body }) => {
    const comment = findComment(repository, params.comment_id);
    refuseUnlessMine(repository, author(), comment);
    editComment(world, repository, comment, author(), acceptable("IssueComment", body.body));
    return ok(showComment(world, repository, comment));
  }),
  onRepository("issues/delete-comment", writes, ({ world, repository, author, params }) => {
    const comment = findComment(repository, params.comment_id);
    refuseUnlessMine(repository, author(), comment);
    deleteComment(world, repository, comment, author());
    return noContent;
  }),
];
