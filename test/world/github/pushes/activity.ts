import { isAncestor } from "../git/compare.ts";
import type { Author } from "../state/people.ts";
import type { Activity, Repository } from "../state/repository.ts";
import { nextId, nowIso, type World } from "../world.ts";

const NO_COMMIT = "0".repeat(40);

/** Writes down who moved a branch, from where and to where. */
export async function recordActivity(
  world: World,
  repository: Repository,
  by: Author,
  branch: string,
  before: string | undefined,
  after: string | undefined,
): Promise<void> {
  repository.activities.push({
    id: nextId(world, "activity"),
    ref: `refs/heads/${branch}`,
    before: before ?? NO_COMMIT,
    after: after ?? NO_COMMIT,
    at: nowIso(world),
    type: await typeOf(repository, before, after),
    actor: by.user,
  });
}

async function typeOf({ git }: Repository, before: string | undefined, after: string | undefined): Promise<Activity["type"]> {
  if (!before) return "branch_creation";
  if (!after) return "branch_deletion";
  return (await isAncestor(git, before, after)) ? "push" : "force_push";
}
