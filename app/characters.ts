/** The agents are folders of data; the app reads them once, and refuses to start on one that is not valid. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadCharacter, type ResolvedCharacter } from "../agents/runtime/character.ts";

export async function loadCharacters(directory: string): Promise<ReadonlyMap<string, ResolvedCharacter>> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && entry.name !== "runtime").map(({ name }) => name);
  return new Map(await Promise.all(names.map(async (name) => [name, await loadCharacter(join(directory, name))] as const)));
}
