import { showIssue } from "../shapes/issue.ts";
import { isPull, showPullAlone } from "../shapes/pull.ts";
import type { Issue } from "../state/issue.ts";
import type { Author, User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso, type World } from "../world.ts";
import { record } from "./acts.ts";

const nextNumber = ({ issues, gone }: Repository) => issues.size + gone.size + 1;

export function newIssue(world: World, repository: Repository, author: Author, title: string, body: string | null): Issue {
  const at = nowIso(world);
  return {
    repositoryId: repository.id,
    id: nextId(world, "issue"),
    number: nextNumber(repository),
    author,
    createdAt: at,
    updatedAt: at,
    labels: [],
    assignees: [],
    acts: [],
    reactions: [],
    blockedBy: [],
    title,
    body,
    state: "open",
    stateReason: null,
    locked: false,
    closedAt: null,
  };
}

/** `issues.labeled` and the like; on a pull request `pull_request.labeled`. */
export async function announceIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  action: string,
  by: Author,
  more: object = {},
): Promise<void> {
  if (isPull(issue)) {
    const shown = await showPullAlone(world, repository, issue, false);
    const sha = issue.pull.testMerge?.sha;
    const ref = `refs/pull/${issue.number}/merge`;
    const payload = { number: issue.number, pull_request: shown, ...more };
    announce(world, repository, { event: "pull_request", action, by, payload, ref, ...(sha ? { sha } : { startsNothing: true }) });
  } else {
    announce(world, repository, { event: "issues", action, by, payload: { issue: showIssue(world, repository, issue), ...more } });
  }
}

/** `#12` in a text leaves a trace on issue 12. */
export function crossReference(world: World, repository: Repository, from: Issue, text: string | null, by: Author): void {
  for (const [, number] of (text ?? "").matchAll(/(?<![\w/])#(\d+)\b/g)) {
    const target = repository.issues.get(Number(number));
    if (!target || target === from) continue;
    if (target.acts.some((act) => act.sourceNumber === from.number)) continue;
    record(world, target, "cross-referenced", by, { sourceNumber: from.number });
  }
}

export async function openIssue(world: World, repository: Repository, author: Author, title: string, body: string | null): Promise<Issue> {
  const issue = newIssue(world, repository, author, title, body);
  repository.issues.set(issue.number, issue);
  crossReference(world, repository, issue, body, author);
  await announceIssue(world, repository, issue, "opened", author);
  return issue;
}

export async function editText(
  world: World,
  repository: Repository,
  issue: Issue,
  by: Author,
  change: { title?: string; body?: string | null },
): Promise<void> {
  const changes: Record<string, { from: string }> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes.title = { from: issue.title };
    record(world, issue, "renamed", by, { rename: { from: issue.title, to: change.title } });
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes.body = { from: issue.body ?? "" };
    issue.body = change.body;
    issue.updatedAt = nowIso(world);
    issue.lastEdit = { by, at: issue.updatedAt };
    crossReference(world, repository, issue, change.body, by);
  }
  if (Object.keys(changes).length) await announceIssue(world, repository, issue, "edited", by, { changes });
}

export async function closeIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  by: Author,
  reason: "completed" | "not_planned" | "duplicate" = "completed",
  commitSha?: string,
): Promise<void> {
  if (issue.state === "closed") return;
  issue.state = "closed";
  issue.stateReason = issue.pull ? null : reason;
  issue.closedBy = by.user;
  record(world, issue, "closed", by, { ...(issue.pull ? {} : { stateReason: reason }), ...(commitSha ? { commitSha } : {}) });
  issue.closedAt = issue.updatedAt;
  await announceIssue(world, repository, issue, "closed", by);
}

export async function reopenIssue(world: World, repository: Repository, issue: Issue, by: Author): Promise<void> {
  if (issue.state === "open") return;
  issue.state = "open";
  issue.stateReason = issue.pull ? null : "reopened";
  issue.closedAt = null;
  delete issue.closedBy;
  record(world, issue, "reopened", by);
  await announceIssue(world, repository, issue, "reopened", by);
}

export async function assign(world: World, repository: Repository, issue: Issue, by: Author, users: readonly User[]): Promise<void> {
  for (const user of users) {
    if (issue.assignees.includes(user)) continue;
    issue.assignees.push(user);
    record(world, issue, "assigned", by, { assignee: user });
    await announceIssue(world, repository, issue, "assigned", by, {});
  }
}
