/** What people do on GitHub's pages, done at once and told like everything else. Repositories are named `owner/name`, people by login. */
import { acceptPermissions, reducePermissions, suspend, uninstall } from "./installations/life.ts";
import { addRepositories, removeRepositories } from "./installations/selection.ts";
import { deleteIssue, transferIssue } from "./issues/transfer.ts";
import { findApp, findUser } from "./people.ts";
import { archiveRepository, deleteRepository, renameRepository, setVisibility, transferRepository } from "./repositories/life.ts";
import type { Issue } from "./state/issue.ts";
import type { Installation, Permissions } from "./state/people.ts";
import type { Repository } from "./state/repository.ts";
import { findRepository, fullName, type World } from "./world.ts";

/** Who does it is the account's owner unless told. */
export interface InstallationActs {
  suspend(installationId: number, suspended: boolean, by?: string): void;
  uninstall(installationId: number, by?: string): void;
  addRepositories(installationId: number, repositories: readonly string[], by?: string): void;
  removeRepositories(installationId: number, repositories: readonly string[], by?: string): void;
  /** The account agrees to other permissions: `installation.new_permissions_accepted`. */
  acceptPermissions(installationId: number, permissions: Permissions, by?: string): void;
  /** The App asks for less: holds at once everywhere, and GitHub sends nothing. */
  reducePermissions(appId: number, permissions: Permissions): void;
}

export interface RepositoryActs {
  renameRepository(repository: string, name: string, by: string): void;
  transferRepository(repository: string, newOwner: string, by: string): void;
  archiveRepository(repository: string, by: string): void;
  unarchiveRepository(repository: string, by: string): void;
  publicizeRepository(repository: string, by: string): void;
  privatizeRepository(repository: string, by: string): void;
  deleteRepository(repository: string, by: string): void;
}

export interface IssueActs {
  /** GitHub has this only in GraphQL. Answers the new number. */
  transferIssue(repository: string, number: number, to: string, by: string): number;
  /** GitHub has this only in GraphQL. */
  deleteIssue(repository: string, number: number, by: string): void;
}

export function namedRepository(world: World, name: string): Repository {
  const [owner = "", repo = ""] = name.split("/");
  const repository = findRepository(world, owner, repo);
  if (!repository) throw new Error(`This GitHub has no repository ${name}.`);
  return repository;
}

function namedInstallation(world: World, id: number): Installation {
  const installation = world.installations.get(id);
  if (!installation) throw new Error(`This GitHub has no installation ${id}.`);
  return installation;
}

function namedIssue(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (!issue) throw new Error(`${fullName(repository)} has no issue ${number}.`);
  return issue;
}

export function openActs(world: World): InstallationActs & RepositoryActs & IssueActs {
  const repositoryOf = (name: string) => namedRepository(world, name);
  const person = (login: string) => ({ user: findUser(world, login) });
  const installation = (id: number) => namedInstallation(world, id);
  const doer = (id: number, by: string | undefined) => (by === undefined ? installation(id).account : findUser(world, by));
  const idsOf = (names: readonly string[]) => names.map((name) => repositoryOf(name).id);
  return {
    suspend: (id, suspended, by) => suspend(world, installation(id), suspended, doer(id, by)),
    uninstall: (id, by) => uninstall(world, installation(id), doer(id, by)),
    addRepositories: (id, names, by) => addRepositories(world, installation(id), idsOf(names), doer(id, by)),
    removeRepositories: (id, names, by) => removeRepositories(world, installation(id), idsOf(names), doer(id, by)),
    acceptPermissions: (id, permissions, by) => acceptPermissions(world, installation(id), permissions, doer(id, by)),
    reducePermissions: (appId, permissions) => reducePermissions(world, findApp(world, appId), permissions),
    renameRepository: (repository, name, by) => renameRepository(world, repositoryOf(repository), name, person(by)),
    transferRepository: (repository, newOwner, by) =>
      transferRepository(world, repositoryOf(repository), findUser(world, newOwner), person(by)),
    archiveRepository: (repository, by) => archiveRepository(world, repositoryOf(repository), true, person(by)),
    unarchiveRepository: (repository, by) => archiveRepository(world, repositoryOf(repository), false, person(by)),
    publicizeRepository: (repository, by) => setVisibility(world, repositoryOf(repository), "public", person(by)),
    privatizeRepository: (repository, by) => setVisibility(world, repositoryOf(repository), "private", person(by)),
    deleteRepository: (repository, by) => deleteRepository(world, repositoryOf(repository), person(by)),
    transferIssue: (repository, number, to, by) => {
      const from = repositoryOf(repository);
      return transferIssue(world, from, namedIssue(from, number), repositoryOf(to), person(by)).number;
    },
    deleteIssue: (repository, number, by) => {
      const from = repositoryOf(repository);
      deleteIssue(world, from, namedIssue(from, number), person(by));
    },
  };
}
