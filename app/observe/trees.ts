import type { Side } from "./blob-content.ts";
import type { Entry } from "./changed-files.ts";
import type { Reader } from "./github.ts";

type Tree = ReadonlyMap<string, Side>;

/** What differs between the trees of two commits; undefined where GitHub does not show all of one of them. */
export async function treeDifference(reader: Reader, base: string, head: string): Promise<readonly Entry[] | undefined> {
  const [before, after] = await Promise.all([readTree(reader, base), readTree(reader, head)]);
  if (!before || !after) return undefined;
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    if (one?.id === other?.id && one?.mode === other?.mode) return [];
    return [{ path, ...(one ? { base: one } : {}), ...(other ? { head: other } : {}) }];
  });
}

/** Every file of a commit by its path: one call, and GitHub says when it left some out. */
async function readTree({ octokit, owner, repo }: Reader, tree_sha: string): Promise<Tree | undefined> {
  const { data } = await octokit.rest.git.getTree({ owner, repo, tree_sha, recursive: "1" });
  if (data.truncated) return undefined;
  const files = data.tree.filter(({ type }) => type !== "tree");
  return new Map(files.map(({ path, mode, sha, size }) => [path, { mode, id: sha, ...(size === undefined ? {} : { size }) }]));
}
