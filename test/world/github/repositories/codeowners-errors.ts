import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { codeOwnersFile } from "./code-owners.ts";
import { mayWriteLogin } from "./people.ts";

/** What GitHub finds wrong with the CODEOWNERS file; `undefined`: there is none. */
export async function codeownersErrors(world: World, repository: Repository, sha: string): Promise<object[] | undefined> {
  const file = await codeOwnersFile(repository, sha);
  return file?.text.split("\n").flatMap((source, index) => lineErrors(world, repository, file.path, source, index + 1));
}

function lineErrors(world: World, repository: Repository, path: string, source: string, line: number): object[] {
  const rule = source.replace(/(^|\s)#.*$/, "").trim();
  if (!rule) return [];
  const [pattern = "", ...owners] = rule.split(/\s+/);
  const error = (kind: string, word: string, suggestion: string | null, why: string) => {
    const column = source.indexOf(word) + 1;
    return {
      line,
      column,
      kind,
      source,
      suggestion,
      message: `${kind} on line ${line}: ${why}\n\n  ${source}\n  ${" ".repeat(column - 1)}^`,
      path,
    };
  };
  if (/^!|\[|\\#/.test(pattern)) return [error("Invalid pattern", pattern, null, "Did you mean to use another pattern?")];
  return owners.flatMap((owner) => {
    if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(owner)) return [];
    if (!owner.startsWith("@")) return [error("Invalid owner", owner, null, "")];
    if (mayWriteLogin(world, repository, owner.slice(1))) return [];
    return [
      error(
        "Unknown owner",
        owner,
        `make sure ${owner} exists and has write access to the repository`,
        `make sure ${owner} exists and has write access to the repository`,
      ),
    ];
  });
}
