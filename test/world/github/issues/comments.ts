import { showComment, showIssue } from "../shapes/issue.ts";
import type { Comment, Issue } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso, type World } from "../world.ts";
import { record } from "./acts.ts";
import { crossReference } from "./issue.ts";

function tell(world: World, repository: Repository, issue: Issue, comment: Comment, action: string, by: Author, more: object = {}): void {
  const payload = { issue: showIssue(world, repository, issue), comment: showComment(world, repository, comment), ...more };
  announce(world, repository, { event: "issue_comment", action, by, payload });
}

export function addComment(world: World, repository: Repository, issue: Issue, author: Author, body: string): Comment {
  const at = nowIso(world);
  const comment: Comment = {
    id: nextId(world, "comment"),
    issueNumber: issue.number,
    author,
    createdAt: at,
    updatedAt: at,
    body,
    reactions: [],
  };
  repository.comments.set(comment.id, comment);
  record(world, issue, "commented", author, { commentId: comment.id });
  crossReference(world, repository, issue, body, author);
  tell(world, repository, issue, comment, "created", author);
  return comment;
}

const issueOf = (repository: Repository, comment: Comment): Issue => {
  const issue = repository.issues.get(comment.issueNumber);
  if (!issue) throw new Error(`Comment ${comment.id} belongs to issue ${comment.issueNumber}, which is gone.`);
  return issue;
};

export function editComment(world: World, repository: Repository, comment: Comment, by: Author, body: string): void {
  if (comment.body === body) return;
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = nowIso(world);
  tell(world, repository, issueOf(repository, comment), comment, "edited", by, { changes });
}

export function deleteComment(world: World, repository: Repository, comment: Comment, by: Author): void {
  repository.comments.delete(comment.id);
  tell(world, repository, issueOf(repository, comment), comment, "deleted", by);
}
