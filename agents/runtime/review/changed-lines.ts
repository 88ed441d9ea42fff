/** Which lines of a change a reviewer can remark on: what it added, and the lines around that a diff shows. */
import { git } from "../git.ts";

/** First and last line, in the file as the change leaves it. */
export type Lines = readonly [from: number, to: number];

/** By path; a file that is gone, or has no lines, has none. */
export type Changed = ReadonlyMap<string, readonly Lines[]>;

export interface Change {
  readonly workspace: string;
  readonly defaultBranch: string;
  readonly headSha: string;
}

/** A file that claims to be binary, or names a program that shall show it, is shown as it is (R11). */
const PLAINLY = ["--no-color", "--no-ext-diff", "--no-textconv", "--text", "--find-renames", "--unified=3"];

/** Looked at before the agent has the workspace, whose `.git` is a stranger's from then on. */
export async function changedLines({ workspace, defaultBranch, headSha }: Change): Promise<Changed> {
  const there = { cwd: workspace };
  const base = (await git(["merge-base", headSha, `refs/remotes/origin/${defaultBranch}`], there)).stdout.trim();
  const [raw, shown] = await Promise.all([
    git(["diff", "--raw", "-z", "--find-renames", base, headSha], there),
    git(["diff", ...PLAINLY, base, headSha], there),
  ]);
  const paths = pathsIn(raw.stdout);
  // No line of a file's content begins like this: each has a sign before it.
  const files = shown.stdout.split(/^diff --git /m).slice(1);
  const changed = new Map<string, readonly Lines[]>();
  for (const [at, path] of paths.entries()) changed.set(path, [...(changed.get(path) ?? []), ...linesIn(files[at] ?? "")]);
  return changed;
}

/** In the order in which git shows the files. One that became another kind of file is shown twice: taken away, and made. */
function pathsIn(raw: string): readonly string[] {
  const fields = raw.split("\0");
  const paths: string[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const kind = fields[at]?.split(" ").at(-1)?.[0];
    const renamed = kind === "R" || kind === "C";
    const path = fields[at + (renamed ? 2 : 1)] ?? "";
    paths.push(path, ...(kind === "T" ? [path] : []));
    at += renamed ? 3 : 2;
  }
  return paths;
}

function linesIn(file: string): readonly Lines[] {
  return [...file.matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)].flatMap(([, from, count = "1"]): readonly Lines[] => {
    const first = Number(from);
    return Number(count) === 0 ? [] : [[first, first + Number(count) - 1]];
  });
}
