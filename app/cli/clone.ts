/** A local clone, read and never changed: nothing is checked out, no hook or filter of it runs. */
import { git } from "../../agents/runtime/git.ts";
import { plain } from "./text.ts";
import { Usage } from "./verb.ts";

export interface Clone {
  readonly gitDir: string;
  /** The commit that a branch, a tag or a commit's own name stands for. `option` names it where it is none. */
  readonly commit: (ref: string, option: string) => Promise<string>;
  /** Where two histories part. */
  readonly mergeBase: (base: string, head: string) => Promise<string>;
  /** A file at a commit; undefined where it has none of that name. What is no plain file, such as a link, has no text. */
  readonly fileAt: (commit: string, path: string) => Promise<{ readonly text?: string } | undefined>;
}

/** A plain file in git's tree; a link or a submodule is none. */
const FILE = /^100(?:644|755) blob (?<oid>[0-9a-f]+)\t/;

export async function openClone(dir: string): Promise<Clone> {
  const gitDir = await gitDirOf(dir);
  const ask = (args: readonly string[], accept: readonly number[] = []) => git(args, { cwd: gitDir, gitDir, accept });
  return {
    gitDir,
    async commit(ref, option) {
      const { stdout, exitCode } = await ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`], [1, 128]);
      if (exitCode === 0) return stdout.trim();
      throw new Usage(
        `${option} ${plain(ref)} is no commit of ${dir}: name a branch, a tag or a commit that the clone has; \`git fetch\` brings what is only on GitHub.`,
      );
    },
    async mergeBase(base, head) {
      const { stdout, exitCode } = await ask(["merge-base", base, head], [1]);
      if (exitCode === 0) return stdout.trim();
      throw new Usage(
        `${base.slice(0, 7)} and ${head.slice(0, 7)} have no common history in ${dir}: name other commits, or bring the whole history with \`git fetch --unshallow\`.`,
      );
    },
    async fileAt(commit, path) {
      const { stdout } = await ask(["ls-tree", "-z", "--full-tree", commit, "--", path]);
      if (stdout === "") return undefined;
      const oid = FILE.exec(stdout)?.groups?.oid;
      return oid ? { text: (await ask(["cat-file", "blob", oid])).stdout } : {};
    },
  };
}

async function gitDirOf(dir: string): Promise<string> {
  try {
    return (await git(["rev-parse", "--absolute-git-dir"], { cwd: dir })).stdout.trim();
  } catch {
    throw new Usage(`${dir} is no git repository: run this in a clone, or name one with --repo.`);
  }
}
