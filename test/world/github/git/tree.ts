import { NoSuchObject, readCommit } from "./commit.ts";
import { GitError, gitText } from "./run.ts";
import { type GitStore, once } from "./store.ts";

export interface TreeEntry {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly sha: string;
  readonly size?: number;
  readonly path: string;
}

function parseLine(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", type = "", sha = "", size = "-"] = line.slice(0, tab).split(/ +/);
  return { mode, type: type as TreeEntry["type"], sha, path: line.slice(tab + 1), ...(size === "-" ? {} : { size: Number(size) }) };
}

/** What a tree holds; `recursive` walks into folders and names them too, as GitHub does. */
export function readTree(store: GitStore, sha: string, recursive = false): Promise<readonly TreeEntry[]> {
  return once(store, `tree ${sha} ${recursive}`, async () => {
    try {
      const text = await gitText(store.dir, ["ls-tree", "-z", "-l", ...(recursive ? ["-r", "-t"] : []), "--end-of-options", sha]);
      return text.split("\0").filter(Boolean).map(parseLine);
    } catch (error) {
      if (error instanceof GitError) throw new NoSuchObject("tree", sha);
      throw error;
    }
  });
}

export function readBlob(store: GitStore, sha: string): Promise<Buffer> {
  return once(store, `blob ${sha}`, async () => {
    const object = await store.objects.read(sha);
    if (object?.type !== "blob" || !object.content) throw new NoSuchObject("blob", sha);
    return object.content;
  });
}

/** The entry at a path of a commit; the empty path is the root. */
export async function entryAt(store: GitStore, commit: string, path: string): Promise<TreeEntry | undefined> {
  let entry: TreeEntry | undefined = { mode: "040000", type: "tree", sha: (await readCommit(store, commit)).tree, path: "" };
  for (const part of path.split("/").filter(Boolean)) {
    if (entry?.type !== "tree") return undefined;
    entry = (await readTree(store, entry.sha)).find((one) => one.path === part);
  }
  return entry;
}
