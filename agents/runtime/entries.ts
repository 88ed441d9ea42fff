/** Every file of a commit, as git's objects have it. */
import { type GitOptions, git } from "./git.ts";

export interface Entry {
  readonly path: string;
  /** As git writes it: 100644, 100755, 120000 a symbolic link, 160000 a submodule. */
  readonly mode: string;
  readonly blob: string;
  /** In bytes; 0 of a submodule. */
  readonly size: number;
}

export async function entriesOf(commit: string, where: GitOptions): Promise<readonly Entry[]> {
  const { stdout } = await git(["ls-tree", "-r", "-l", "-z", "--full-tree", commit], where);
  return stdout
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const tab = line.indexOf("\t");
      const [mode = "", , blob = "", size = ""] = line.slice(0, tab).split(/ +/);
      return { path: line.slice(tab + 1), mode, blob, size: Number(size) || 0 };
    });
}
