import { nodeId } from "../shapes/node-id.ts";
import { showInstallation, showUser } from "../shapes/people.ts";
import type { Installation, User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { sendTo } from "../webhooks/announce.ts";
import { fullName, repositoryById, type World } from "../world.ts";

/** A repository as the webhooks of an installation name it. */
export function showBriefly(world: World, id: number) {
  const repository = repositoryById(world, id);
  return { id, node_id: nodeId("Repository", id), name: repository.name, full_name: fullName(repository), private: repository.private };
}

function tell(world: World, installation: Installation, action: "added" | "removed", ids: readonly number[], by: User): void {
  const shown = ids.map((id) => showBriefly(world, id));
  const payload = {
    action,
    installation: showInstallation(world, installation),
    repository_selection: "selected",
    repositories_added: action === "added" ? shown : [],
    repositories_removed: action === "removed" ? shown : [],
    requester: null,
    sender: showUser(world, by),
  };
  sendTo(world, installation, "installation_repositories", action, payload, null);
}

export function addRepositories(world: World, installation: Installation, ids: readonly number[], by: User): void {
  for (const id of ids) installation.repositoryIds.add(id);
  tell(world, installation, "added", ids, by);
}

export function removeRepositories(world: World, installation: Installation, ids: readonly number[], by: User): void {
  const had = ids.filter((id) => installation.repositoryIds.delete(id));
  if (had.length) tell(world, installation, "removed", had, by);
}

/** No App that is installed there has it any more. */
export function appsLeave(world: World, repository: Repository, by: User): void {
  for (const installation of world.installations.values()) removeRepositories(world, installation, [repository.id], by);
}
