import type { User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";

/** What GitHub shows beside a name. It is a label, not a permission. */
export function associationOf(repository: Repository, user: User): "OWNER" | "COLLABORATOR" | "CONTRIBUTOR" | "NONE" {
  if (user.id === repository.owner.id) return "OWNER";
  if (repository.collaborators.has(user.id)) return "COLLABORATOR";
  const merged = [...repository.issues.values()].some(({ author, pull }) => author.user.id === user.id && pull?.mergedAt !== undefined);
  return merged ? "CONTRIBUTOR" : "NONE";
}
