import { showMilestone } from "../shapes/milestone.ts";
import type { Issue, Milestone } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso, type World } from "../world.ts";
import { record } from "./acts.ts";
import { announceIssue } from "./issue.ts";

export interface MilestoneText {
  readonly title?: string;
  readonly description?: string | null;
  readonly dueOn?: string | null;
}

function tell(world: World, repository: Repository, milestone: Milestone, action: string, by: Author, more: object = {}): void {
  const payload = { milestone: showMilestone(world, repository, milestone), ...more };
  announce(world, repository, { event: "milestone", action, by, payload });
}

export function createMilestone(
  world: World,
  repository: Repository,
  by: Author,
  { title, description = null, dueOn = null }: MilestoneText & { readonly title: string },
): Milestone {
  const at = nowIso(world);
  const milestone: Milestone = {
    id: nextId(world, "milestone"),
    number: Math.max(0, ...repository.milestones.keys()) + 1,
    creator: by,
    createdAt: at,
    updatedAt: at,
    title,
    description,
    dueOn,
    state: "open",
    closedAt: null,
  };
  repository.milestones.set(milestone.number, milestone);
  tell(world, repository, milestone, "created", by);
  return milestone;
}

export function editMilestone(world: World, repository: Repository, milestone: Milestone, by: Author, wish: MilestoneText): void {
  const changes: Record<string, { from: string }> = {};
  const { title, description, dueOn } = milestone;
  if (wish.title !== undefined && wish.title !== title) changes.title = { from: title };
  if (wish.description !== undefined && wish.description !== description) changes.description = { from: description ?? "" };
  if (wish.dueOn !== undefined && wish.dueOn !== dueOn) changes.due_on = { from: dueOn ?? "" };
  if (!Object.keys(changes).length) return;
  Object.assign(milestone, wish, { updatedAt: nowIso(world) });
  tell(world, repository, milestone, "edited", by, { changes });
}

export function setMilestoneState(world: World, repository: Repository, milestone: Milestone, by: Author, state: Milestone["state"]): void {
  if (milestone.state === state) return;
  milestone.state = state;
  milestone.updatedAt = nowIso(world);
  milestone.closedAt = state === "closed" ? milestone.updatedAt : null;
  tell(world, repository, milestone, state === "closed" ? "closed" : "opened", by);
}

/** `undefined` takes the issue out of its milestone. */
export async function setMilestone(
  world: World,
  repository: Repository,
  issue: Issue,
  by: Author,
  milestone: Milestone | undefined,
): Promise<void> {
  const before = issue.milestone;
  if (before === milestone) return;
  if (before) {
    delete issue.milestone;
    record(world, issue, "demilestoned", by, { milestone: before.title });
    await announceIssue(world, repository, issue, "demilestoned", by, { milestone: showMilestone(world, repository, before) });
  }
  if (milestone) {
    issue.milestone = milestone;
    record(world, issue, "milestoned", by, { milestone: milestone.title });
    await announceIssue(world, repository, issue, "milestoned", by, { milestone: showMilestone(world, repository, milestone) });
  }
}

export async function deleteMilestone(world: World, repository: Repository, milestone: Milestone, by: Author): Promise<void> {
  for (const issue of repository.issues.values())
    if (issue.milestone === milestone) await setMilestone(world, repository, issue, by, undefined);
  repository.milestones.delete(milestone.number);
  tell(world, repository, milestone, "deleted", by);
}
