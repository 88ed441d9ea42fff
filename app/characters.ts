/** The agents are folders of data; the app reads them once, refuses to start on one that is not valid, and fits each to the repository it works in. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadCharacter, type ResolvedCharacter } from "../agents/runtime/character.ts";
import type { Conductor } from "./conductor.ts";
import { conductor as conductorE } from "./domain/envelope.ts";
import type { Sha } from "./domain/ids.ts";
import { agentName } from "./domain/policy.ts";
import { policyInForce } from "./policies.ts";
import { overridePath } from "./policy/override.ts";
import type { PolicyError } from "./policy/parse.ts";
import { readOverride } from "./policy/read-override.ts";
import type { Repository } from "./store/repositories.ts";

export type Characters = ReadonlyMap<string, ResolvedCharacter>;

/** `more`: a folder of further agents (`RIG_AGENTS`), none of which takes another's place. */
export async function loadCharacters(directory: string, more?: string): Promise<Characters> {
  const own = await loadFolder(directory, (name) => existsSync(join(directory, name, "character.json")));
  if (more === undefined) return own;
  const others = await loadFolder(more, () => true);
  for (const name of others.keys()) {
    if (own.has(name)) throw new Error(`RIG_AGENTS: ${join(more, name)} has the name of an agent that is built in: call it otherwise.`);
    if (!agentName.test(name))
      throw new Error(
        `RIG_AGENTS: ${join(more, name)} is no name for an agent: small letters, digits and hyphens, and no -<number> at its end.`,
      );
  }
  return new Map([...own, ...others]);
}

async function loadFolder(directory: string, isAgent: (name: string) => boolean): Promise<Characters> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`RIG_AGENTS is ${directory}, which cannot be read (${error.code}): name a folder with a folder for each agent.`);
  });
  const names = entries.filter((entry) => entry.isDirectory() && isAgent(entry.name)).map(({ name }) => name);
  return new Map(await Promise.all(names.map(async (name) => [name, await loadCharacter(join(directory, name))] as const)));
}

/** A character as it is in one repository, and the file that made it so. */
export interface Fitted {
  readonly character: ResolvedCharacter;
  readonly override?: { readonly path: string; readonly sha: Sha };
}

/**
 * The agent of this name as the repository's default branch wants it; undefined where this app has none. A file that is not valid changes
 * nothing, and is told of.
 */
export async function characterIn(
  conductor: Conductor,
  characters: Characters,
  agent: string,
  repositoryId: number,
): Promise<Fitted | undefined> {
  const character = characters.get(agent);
  if (!character) return undefined;
  const { store, github, memory } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository) throw new Error(`Repository ${repositoryId} is not known.`);
  const { owner, name: repo, installationId } = repository;
  const reader = { octokit: await github.installation(installationId), owner, repo, memory };
  const { policy, defaultBranch } = await policyInForce(conductor, reader, repository);
  const from = { path: overridePath(policy, agent), sha: defaultBranch.sha };
  const read = await readOverride(reader, { ...from, character });
  if (!read) return { character };
  if ("errors" in read) {
    await tellInvalid(conductor, repository, from, read.errors);
    return { character };
  }
  return { character: read.character ?? character, override: from };
}

/** Said once for each commit, by whoever looks first. */
async function tellInvalid(
  { store, log }: Conductor,
  { id, stream, owner, name }: Repository,
  { path, sha }: NonNullable<Fitted["override"]>,
  errors: readonly PolicyError[],
): Promise<void> {
  log.warn({ repository: `${owner}/${name}`, path, errors }, "An agent's override is not valid: the agent works as the server has it");
  const data = { sha, path, errors: errors.map(({ line, message }) => ({ line, message })) };
  await store.append({
    stream,
    expectedVersion: null,
    events: [
      {
        ...{ type: "CONFIG_INVALID", data, actor: conductorE },
        ...{ causationId: sha, correlationId: stream, dedupeKey: `config:${id}:${sha}:${path}` },
      },
    ],
  });
}
