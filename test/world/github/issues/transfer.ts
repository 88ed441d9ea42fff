import { showIssue } from "../shapes/issue.ts";
import { showRepository } from "../shapes/repository.ts";
import type { Issue } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import type { World } from "../world.ts";
import { record } from "./acts.ts";
import { blockedByThis } from "./blocking.ts";
import { newIssue } from "./issue.ts";
import { findLabel } from "./labels.ts";

/** What the new issue takes along: its text and history, and of the labels those that are there too. Milestones stay behind. */
function copyTo(world: World, to: Repository, issue: Issue): Issue {
  const copy: Issue = {
    ...issue,
    ...newIssue(world, to, issue.author, issue.title, issue.body),
    createdAt: issue.createdAt,
    labels: issue.labels.flatMap(({ name }) => findLabel(to, name) ?? []),
    assignees: [...issue.assignees],
    acts: [...issue.acts],
    reactions: [...issue.reactions],
    blockedBy: [...issue.blockedBy],
    state: issue.state,
    stateReason: issue.stateReason,
    closedAt: issue.closedAt,
    locked: issue.locked,
  };
  delete copy.milestone;
  return copy;
}

/** The issue gets a new number and a new id there; its old number leads to it. */
export function transferIssue(world: World, from: Repository, issue: Issue, to: Repository, by: Author): Issue {
  if (issue.pull) throw new Error(`#${issue.number} is a pull request: those cannot be transferred.`);
  const copy = copyTo(world, to, issue);
  to.issues.set(copy.number, copy);
  record(world, copy, "transferred", by);
  for (const waiting of blockedByThis(world, issue)) waiting.blockedBy.splice(waiting.blockedBy.indexOf(issue), 1, copy);
  const comments = [...from.comments.values()].filter(({ issueNumber }) => issueNumber === issue.number);
  const [old_issue, old_repository] = [showIssue(world, from, issue), showRepository(world, from)];
  from.issues.delete(issue.number);
  from.gone.set(issue.number, { repositoryId: to.id, number: copy.number });
  for (const comment of comments) {
    from.comments.delete(comment.id);
    to.comments.set(comment.id, { ...comment, issueNumber: copy.number });
  }
  const [new_issue, new_repository] = [showIssue(world, to, copy), showRepository(world, to)];
  announce(world, from, {
    event: "issues",
    action: "transferred",
    by,
    payload: { issue: old_issue, changes: { new_issue, new_repository } },
  });
  announce(world, to, { event: "issues", action: "opened", by, payload: { issue: new_issue, changes: { old_issue, old_repository } } });
  return copy;
}

/** It is gone for good, with its comments. */
export function deleteIssue(world: World, repository: Repository, issue: Issue, by: Author): void {
  if (issue.pull) throw new Error(`#${issue.number} is a pull request: those cannot be deleted.`);
  const payload = { issue: showIssue(world, repository, issue) };
  for (const waiting of blockedByThis(world, issue)) waiting.blockedBy.splice(waiting.blockedBy.indexOf(issue), 1);
  repository.issues.delete(issue.number);
  repository.gone.set(issue.number, "deleted");
  for (const { id, issueNumber } of [...repository.comments.values()]) if (issueNumber === issue.number) repository.comments.delete(id);
  announce(world, repository, { event: "issues", action: "deleted", by, payload });
}
