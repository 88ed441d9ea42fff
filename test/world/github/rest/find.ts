import { resolveCommit } from "../git/store.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { isPull, type PullIssue } from "../shapes/pull.ts";
import type { Comment, Issue } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";

export function findIssue(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (!issue) throw notFound();
  return issue;
}

export function findPull(repository: Repository, number: number): PullIssue {
  const issue = repository.issues.get(number);
  if (!isPull(issue)) throw notFound();
  return issue;
}

export function findComment(repository: Repository, id: number): Comment {
  const comment = repository.comments.get(id);
  if (!comment) throw notFound();
  return comment;
}

export async function findCommit(repository: Repository, name: string): Promise<string> {
  const sha = await resolveCommit(repository.git, name);
  if (!sha) throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
}
