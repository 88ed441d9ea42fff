/** What a commit changes, read from git's objects, never from a rendered diff (R11). */
import { type GitOptions, git } from "../../agents/runtime/git.ts";

export interface Change {
  readonly path: string;
  /** As git writes it: 100644, 100755, 120000 a symbolic link, 160000 a submodule; 000000: deleted. */
  readonly mode: string;
  /** Bytes of the new content; 0 when deleted. */
  readonly size: number;
  readonly lines: number;
  /** Added lines, binary or not. */
  readonly added: string;
}

/** What differs from every one of the parents: of a merge, only what neither side already had. */
export async function changesOf(commit: string, parents: readonly string[], repository: GitOptions): Promise<readonly Change[]> {
  const [first = "", ...others] = await Promise.all(parents.map((parent) => rawDiff(parent, commit, repository)));
  const touched = others.reduce((all, other) => all.filter(({ path }) => other.some((entry) => entry.path === path)), first || []);
  const changes: Change[] = [];
  for (const { path, mode, blob } of touched) {
    const added = await addedLines(parents[0] ?? "", commit, path, repository);
    const size = mode === "000000" || mode === "160000" ? 0 : Number((await git(["cat-file", "-s", blob], repository)).stdout);
    changes.push({ path, mode, size, ...added });
  }
  return changes;
}

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly blob: string;
}

const plainDiff = ["--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"];

async function rawDiff(from: string, to: string, repository: GitOptions): Promise<readonly Entry[]> {
  const { stdout } = await git(["diff-tree", "-r", "-z", "--raw", "--no-abbrev", ...plainDiff, from, to], repository);
  const fields = stdout.split("\0");
  const entries: Entry[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = "", , blob = ""] = (fields[at] ?? "").split(" ");
    entries.push({ path: fields[at + 1] ?? "", mode, blob });
  }
  return entries;
}

async function addedLines(from: string, to: string, path: string, repository: GitOptions): Promise<Pick<Change, "lines" | "added">> {
  const { stdout } = await git(
    ["diff-tree", "-p", "-r", "--text", "--unified=0", ...plainDiff, from, to, "--", `:(literal)${path}`],
    repository,
  );
  const added: string[] = [];
  let lines = 0;
  let inHunk = false;
  for (const line of stdout.split("\n")) {
    if (line.startsWith("@@")) inHunk = true;
    else if (inHunk && line.startsWith("+")) {
      added.push(line.slice(1));
      lines++;
    } else if (inHunk && line.startsWith("-")) lines++;
  }
  return { lines, added: added.join("\n") };
}
