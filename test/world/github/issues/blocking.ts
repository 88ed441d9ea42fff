import type { Issue } from "../state/issue.ts";
import type { World } from "../world.ts";

/** The issues that wait for this one, of any repository. */
export const blockedByThis = (world: World, issue: Issue): Issue[] =>
  [...world.repositories.values()]
    .filter(({ deleted }) => !deleted)
    .flatMap(({ issues }) => [...issues.values()])
    .filter(({ blockedBy }) => blockedBy.includes(issue));
