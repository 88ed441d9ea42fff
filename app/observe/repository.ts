/** Repositories as the App's installations show them: one call an installation tells of all of them. */
import type { MissingPermission, SeenRepository } from "../domain/repository.ts";
import { notFound, type Octokit, orNothing } from "./github.ts";

export interface Apps {
  /** Speaks as the App itself. */
  readonly app: () => Promise<Octokit>;
  readonly installation: (id: number) => Promise<Octokit>;
}

/** Permissions by name, each `read`, `write` or `admin`. */
export type Permissions = Readonly<Record<string, string>>;

type Granted = Extract<SeenRepository, { readonly access: "granted" }>;

export interface SeenInstallation {
  readonly id: number;
  readonly suspended: boolean;
  /** Whether it covers whatever its account has: then what it does not show is not there. */
  readonly coversAll: boolean;
  /** Every repository it covers, by GitHub's number; empty while it is suspended. */
  readonly repositories: ReadonlyMap<number, Granted>;
}

type Installation = Awaited<ReturnType<Octokit["rest"]["apps"]["getInstallation"]>>["data"];

/** What GitHub lists of the App's installations, before their repositories are asked for. */
export async function listInstallations({ app }: Apps): Promise<readonly Installation[]> {
  const octokit = await app();
  return octokit.paginate(octokit.rest.apps.listInstallations, { per_page: 100 });
}

/** Undefined where there is no such installation. */
export async function findInstallation({ app }: Apps, installation_id: number): Promise<Installation | undefined> {
  const octokit = await app();
  return (await orNothing(octokit.rest.apps.getInstallation({ installation_id })))?.data;
}

export async function observeInstallation(apps: Apps, installation: Installation, asked: Permissions): Promise<SeenInstallation> {
  const { id, suspended_at, repository_selection, permissions } = installation;
  const seen = { id, suspended: Boolean(suspended_at), coversAll: repository_selection === "all" };
  if (suspended_at) return { ...seen, repositories: new Map() };
  const octokit = await apps.installation(id);
  const missing = missingOf(asked, permissions);
  const repositories = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 });
  return {
    ...seen,
    repositories: new Map(
      repositories.map(({ id: repositoryId, owner, name, default_branch, private: isPrivate, archived }) => [
        repositoryId,
        {
          access: "granted",
          installationId: id,
          owner: owner.login,
          name,
          defaultBranch: default_branch,
          private: isPrivate,
          archived,
          missing,
        } satisfies Granted,
      ]),
    ),
  };
}

/** One repository, asked for again before it is taken for lost: in its own installation first, then wherever the App is installed. */
export async function observeRepository(
  apps: Apps,
  repository: { readonly id: number; readonly owner: string; readonly name: string; readonly installationId: number },
  asked: Permissions,
): Promise<SeenRepository> {
  const own = await findInstallation(apps, repository.installationId);
  const home = own && (await observeInstallation(apps, own, asked));
  const found = home?.repositories.get(repository.id) ?? (await elsewhere(apps, repository, asked));
  if (found) return found;
  if (!home) return { access: "uninstalled" };
  if (home.suspended) return { access: "suspended" };
  if (await shown(apps, repository))
    throw new Error(`${repository.owner}/${repository.name} is there, and its installation does not list it yet.`);
  return { access: home.coversAll ? "deleted" : "uninstalled" };
}

/** After a transfer another installation has it. */
async function elsewhere(
  apps: Apps,
  { id, installationId }: { readonly id: number; readonly installationId: number },
  asked: Permissions,
): Promise<Granted | undefined> {
  for (const installation of await listInstallations(apps)) {
    if (installation.id === installationId) continue;
    const seen = await observeInstallation(apps, installation, asked);
    const found = seen.repositories.get(id);
    if (found) return found;
  }
  return undefined;
}

/** A list may lag behind: what GitHub still shows is not lost. */
async function shown(
  { installation }: Apps,
  {
    id,
    owner,
    name,
    installationId,
  }: { readonly id: number; readonly owner: string; readonly name: string; readonly installationId: number },
): Promise<boolean> {
  const octokit = await installation(installationId);
  try {
    const { data } = await octokit.rest.repos.get({ owner, repo: name });
    return data.id === id && data.private;
  } catch (error) {
    if (notFound(error) || (error instanceof Error && "status" in error && (error.status === 403 || error.status === 451))) return false;
    throw error;
  }
}

const ranks: readonly string[] = ["none", "read", "write", "admin"];

/** What the App asks for and the installation has less of. */
export function missingOf(asked: Permissions, granted: Readonly<Record<string, unknown>>): readonly MissingPermission[] {
  return Object.entries(asked).flatMap(([name, wanted]) => {
    const has = typeof granted[name] === "string" ? granted[name] : "none";
    return ranks.indexOf(has) < ranks.indexOf(wanted) ? [{ name, asked: wanted, granted: has }] : [];
  });
}
