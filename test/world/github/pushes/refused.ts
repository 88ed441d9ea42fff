import { asksForPullRequest, bypassOf, enforced } from "../repositories/ruleset.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";

/** Refs that this one may not push to: their rules ask for a pull request, and the bypass list does not name them. */
export function refusedRefs(repository: Repository, by: Author): readonly string[] {
  const rules = enforced(repository);
  if (!asksForPullRequest(rules) && !rules.requiredChecks?.length) return [];
  return bypassOf(repository, by) === "always" ? [] : [`refs/heads/${repository.defaultBranch}`];
}
