import type { Issue, LockReason } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { record } from "./acts.ts";
import { announceIssue } from "./issue.ts";

export async function lockIssue(world: World, repository: Repository, issue: Issue, by: Author, reason?: LockReason): Promise<void> {
  if (issue.locked) return;
  issue.locked = true;
  if (reason) issue.lockReason = reason;
  record(world, issue, "locked", by, reason ? { lockReason: reason } : {});
  await announceIssue(world, repository, issue, "locked", by);
}

export async function unlockIssue(world: World, repository: Repository, issue: Issue, by: Author): Promise<void> {
  if (!issue.locked) return;
  issue.locked = false;
  delete issue.lockReason;
  record(world, issue, "unlocked", by);
  await announceIssue(world, repository, issue, "unlocked", by);
}
