import type { Act, Issue } from "../state/issue.ts";
import type { Author } from "../state/people.ts";
import { nextId, nowIso, type World } from "../world.ts";

/** Writes a line into the issue's history. */
export function record(world: World, issue: Issue, event: string, by: Author, more: Partial<Act> = {}): Act {
  const act: Act = { id: nextId(world, "act"), event, by, at: nowIso(world), ...more };
  issue.acts.push(act);
  issue.updatedAt = act.at;
  return act;
}
