/** What becomes of a repository after it was created. Each act tells who is installed there. */

import { invalid } from "../http/refusal.ts";
import { appsLeave } from "../installations/selection.ts";
import { showOrganization, showUser } from "../shapes/people.ts";
import { showRepository } from "../shapes/repository.ts";
import type { Author, User } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce, announceTo } from "../webhooks/announce.ts";
import { findRepository, fullName, type World } from "../world.ts";

const tell = (world: World, repository: Repository, action: string, by: Author, payload: Record<string, unknown> = {}) =>
  announce(world, repository, { event: "repository", action, by, payload });

function refuseTaken(world: World, owner: string, name: string): void {
  if (findRepository(world, owner, name))
    throw invalid({ resource: "Repository", field: "name", code: "custom", message: "name already exists on this account" });
}

/** The old name leads here until another repository takes it. */
export function renameRepository(world: World, repository: Repository, name: string, by: Author): void {
  const from = repository.name;
  if (name === from) return;
  if (name.toLowerCase() !== from.toLowerCase()) refuseTaken(world, repository.owner.login, name);
  world.formerNames.set(fullName(repository).toLowerCase(), repository.id);
  repository.name = name;
  tell(world, repository, "renamed", by, { changes: { repository: { name: { from } } } });
}

/**
 * To another account, at once. The Apps of the old one lose it; of the new account's Apps all that listen to repositories
 * hear of it, as GitHub's page on this webhook says, whether or not they may then see it.
 */
export function transferRepository(world: World, repository: Repository, to: User, by: Author, name = repository.name): void {
  const from = repository.owner;
  refuseTaken(world, to.login, name);
  world.formerNames.set(fullName(repository).toLowerCase(), repository.id);
  appsLeave(world, repository, by.user);
  repository.owner = to;
  repository.name = name;
  if (from.type === "User") repository.collaborators.set(from.id, "admin");
  const owner = from.type === "Organization" ? { organization: showOrganization(world, from) } : { user: showUser(world, from) };
  announceTo(
    world,
    repository,
    [...world.installations.values()].filter(({ account }) => account.id === to.id),
    { event: "repository", action: "transferred", by, payload: { changes: { owner: { from: owner } } } },
  );
}

/** Everybody may read, nobody may write. */
export function archiveRepository(world: World, repository: Repository, archived: boolean, by: Author): void {
  if (repository.archived === archived) return;
  repository.archived = archived;
  tell(world, repository, archived ? "archived" : "unarchived", by);
}

export function setVisibility(world: World, repository: Repository, visibility: "public" | "private", by: Author): void {
  const hidden = visibility === "private";
  if (repository.private === hidden) return;
  repository.private = hidden;
  tell(world, repository, hidden ? "privatized" : "publicized", by);
  if (!hidden) announce(world, repository, { event: "public", by, payload: {} });
}

/** Its runs end, and nothing leads to it any more. */
export function deleteRepository(world: World, repository: Repository, by: Author): void {
  for (const { id, status } of repository.runs.values()) if (status !== "completed") world.runner?.cancel(id);
  const payload = { repository: showRepository(world, repository) };
  const installed = [...world.installations.values()].filter(({ repositoryIds }) => repositoryIds.has(repository.id));
  repository.deleted = true;
  for (const { repositoryIds } of installed) repositoryIds.delete(repository.id);
  announceTo(world, repository, installed, { event: "repository", action: "deleted", by, payload });
}
