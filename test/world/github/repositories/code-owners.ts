import picomatch from "picomatch";
import { entryAt, readBlob } from "../git/tree.ts";
import type { Repository } from "../state/repository.ts";

/** Where GitHub looks, in this order. */
const codeOwnersPlaces = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
/** GitHub does not load a larger file. */
const MOST_BYTES = 3_000_000;

interface OwnerRule {
  readonly matches: (path: string) => boolean;
  readonly owners: readonly string[];
}

function globs(pattern: string): string[] {
  const anchored = pattern.slice(0, -1).includes("/");
  const body = (anchored ? "" : "**/") + pattern.replace(/^\//, "");
  if (body.endsWith("/")) return [`${body}**`];
  // `docs/*` means the files of that folder only; any other name may be a folder, and then means all in it.
  return body.endsWith("/*") && anchored ? [body] : [body, `${body}/**`];
}

function parse(text: string): OwnerRule[] {
  const lines = text.split("\n").map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines.filter(Boolean).map((line) => {
    const [pattern = "", ...owners] = line.split(/\s+/);
    return { matches: picomatch(globs(pattern), { dot: true }), owners: owners.map((owner) => owner.replace(/^@/, "").toLowerCase()) };
  });
}

/** The file's text at a commit; `undefined`: there is none that GitHub loads. */
export async function codeOwnersFile(
  repository: Repository,
  commit: string,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const path of codeOwnersPlaces) {
    const entry = await entryAt(repository.git, commit, path);
    if (entry?.type !== "blob") continue;
    return (entry.size ?? 0) < MOST_BYTES ? { path, text: (await readBlob(repository.git, entry.sha)).toString() } : undefined;
  }
  return undefined;
}

/** The owners of each of these paths, by login; the last line that fits a path decides. Paths without owners are left out. */
export async function ownersOf(repository: Repository, commit: string, paths: readonly string[]): Promise<readonly (readonly string[])[]> {
  const file = await codeOwnersFile(repository, commit);
  const rules = file ? parse(file.text) : [];
  return paths.map((path) => rules.findLast(({ matches }) => matches(path))?.owners ?? []).filter((owners) => owners.length > 0);
}
