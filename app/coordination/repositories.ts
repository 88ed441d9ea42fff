/** Every repository the App is installed on, and what has become of those it was installed on. */
import type { Conductor } from "../conductor.ts";
import type { SeenRepository } from "../domain/repository.ts";
import { findInstallation, listInstallations, observeInstallation, type SeenInstallation } from "../observe/repository.ts";
import { observeSettings } from "../observe/settings.ts";
import { syncRepository } from "../repository.ts";
import type { Repository } from "../store/repositories.ts";
import { requiredPermissions } from "./permissions.ts";

/** What GitHub shows of the App's installations; of one that could not be read nothing is concluded. */
interface Overview {
  readonly installations: ReadonlyMap<number, SeenInstallation>;
  readonly unread: ReadonlySet<number>;
}

/** Looks at all repositories: their names, whether they may be worked in, and the protection of their default branches. */
export async function syncRepositories(conductor: Conductor, cause: string): Promise<void> {
  const { store, log } = conductor;
  const overview = await observeAll(conductor);
  for (const installation of overview.installations.values()) await noteNew(conductor, installation);
  for (const repository of await store.repositories()) {
    try {
      await syncKnown(conductor, repository, overview, cause);
    } catch (error) {
      // One repository that cannot be read does not keep the others from being looked at.
      log.error({ err: error, repository: `${repository.owner}/${repository.name}` }, "The coordination could not read a repository");
    }
  }
}

/** Looks at all that one installation covers, or covered. New repositories are gone through by the coordination at once. */
export async function syncInstallation(conductor: Conductor, installationId: number, cause: string): Promise<void> {
  const { store, github } = conductor;
  const installation = await findInstallation(github, installationId);
  const seen = installation && (await observeInstallation(github, installation, await requiredPermissions()));
  const found = seen ? await noteNew(conductor, seen) : 0;
  for (const { id, installationId: home } of await store.repositories()) {
    const granted = seen?.repositories.get(id);
    if (granted || home === installationId) await syncRepository(conductor, id, cause, granted);
  }
  if (found > 0) await store.addJobs([{ task: "coordinate", payload: {}, key: "coordinate:installation" }]);
}

async function observeAll({ github, log }: Conductor): Promise<Overview> {
  const installations = new Map<number, SeenInstallation>();
  const unread = new Set<number>();
  for (const installation of await listInstallations(github)) {
    try {
      installations.set(installation.id, await observeInstallation(github, installation, await requiredPermissions()));
    } catch (error) {
      unread.add(installation.id);
      log.error({ err: error, installation: installation.id }, "The coordination could not read an installation");
    }
  }
  return { installations, unread };
}

/** Writes down repositories that no webhook has named yet; answers how many. */
async function noteNew({ store }: Conductor, { repositories }: SeenInstallation): Promise<number> {
  const known = new Set((await store.repositories()).map(({ id }) => id as number));
  const fresh = [...repositories].filter(([id]) => !known.has(id));
  for (const [id, { installationId, owner, name, defaultBranch, private: isPrivate }] of fresh) {
    await store.upsertRepository({ id, owner, name, installationId, defaultBranch, private: isPrivate });
  }
  return fresh.length;
}

async function syncKnown(conductor: Conductor, repository: Repository, overview: Overview, cause: string): Promise<void> {
  const granted = [...overview.installations.values()].map(({ repositories }) => repositories.get(repository.id)).find(Boolean);
  if (granted?.access === "granted") {
    const settings = await settingsOf(conductor, repository, granted);
    return syncRepository(conductor, repository.id, cause, { ...granted, ...(settings ? { settings } : {}) });
  }
  if (overview.unread.size > 0) return; // It may be wherever nothing could be read.
  const home = overview.installations.get(repository.installationId);
  if (home?.suspended) return syncRepository(conductor, repository.id, cause, { access: "suspended" });
  // What is known to be lost is not asked for again; what was there a moment ago is, before its work is stopped.
  if (repository.readable) return syncRepository(conductor, repository.id, cause);
  return syncRepository(conductor, repository.id, cause, { access: home?.coversAll ? "deleted" : "uninstalled" });
}

/** Read under its present name, and not at all of a repository that rests or is about to. */
async function settingsOf(
  { github, memory }: Conductor,
  { pausedBecause }: Repository,
  { owner, name, installationId, archived, missing, defaultBranch }: Extract<SeenRepository, { readonly access: "granted" }>,
) {
  if (pausedBecause !== null || archived || missing.length > 0) return undefined;
  return observeSettings({ octokit: await github.installation(installationId), owner, repo: name, memory }, defaultBranch);
}
