/** What the workspace's files are worth as a git tree, looked at while the agent works and without touching anything of its own. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { git } from "./git.ts";
import type { Checkout } from "./workspace.ts";

/** A workspace that takes longer to look at keeps the SHA it had. */
const LONGEST = 10_000;

export interface TreeWatch {
  /** The SHA that was found last, at once; a new look begins unless one is under way or the watch is closed. */
  readonly sha: () => string | undefined;
  readonly close: () => Promise<void>;
}

/** Looks with an index of its own in `folder`: neither the agent's nor the one for the commit is touched, and of what it reads only the SHA is told. */
export function watchTree({ gitDir, workspace, parents }: Checkout, folder: string): TreeWatch {
  const index = path.join(folder, "watch.index");
  const closing = new AbortController();
  let latest: string | undefined;
  let isBegun = false;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST)]);
    const options = { cwd: gitDir, gitDir, workTree: workspace, env: { GIT_INDEX_FILE: index }, signal };
    try {
      if (!isBegun) await git(["read-tree", String(parents[0])], options);
      isBegun = true;
      await git(["add", "--all", "--", "."], options);
      latest = (await git(["write-tree"], options)).stdout.trim();
    } catch {
      // Files come and go under the look, or it took too long: the next one begins anew.
      isBegun = false;
      await Promise.all([rm(index, { force: true }), rm(`${index}.lock`, { force: true })]);
    }
  }

  return {
    sha: () => {
      if (closing.signal.aborted) return latest;
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return latest;
    },
    close: async () => {
      closing.abort();
      await looking;
    },
  };
}
