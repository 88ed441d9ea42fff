/** What the workspace's files are worth as a git tree, looked at while the agent works and without touching anything of its own. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { git } from "./git.ts";
import { requireSmall } from "./growth.ts";
import type { Checkout } from "./workspace.ts";

/** A workspace that takes longer to look at keeps the SHA it had. */
const LONGEST = 10_000;

export interface TreeWatch {
  /** The SHA that was found last, at once; a new look begins unless one is under way or the watch is closed. */
  readonly sha: () => string | undefined;
  /** The paths that differ from the base, looked at now; those that were known last where the look fails. */
  readonly changed: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Looks with an index of its own in `folder`: neither the agent's nor the one for the commit is touched, and of what it reads only the SHA is told. */
export function watchTree(checkout: Checkout, folder: string): TreeWatch {
  const { gitDir, workspace, parents } = checkout;
  const index = path.join(folder, "watch.index");
  const closing = new AbortController();
  let latest: string | undefined;
  let differs: readonly string[] = [];
  let isBegun = false;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(LONGEST)]);
    const options = { cwd: gitDir, gitDir, workTree: workspace, env: { GIT_INDEX_FILE: index }, signal };
    try {
      await requireSmall(checkout);
      if (!isBegun) await git(["read-tree", String(parents[0])], options);
      isBegun = true;
      await git(["add", "--all", "--", "."], options);
      latest = (await git(["write-tree"], options)).stdout.trim();
    } catch {
      // Files come and go under the look, they are too large, or it took too long: the next one begins anew.
      isBegun = false;
      await Promise.all([rm(index, { force: true }), rm(`${index}.lock`, { force: true })]);
    }
  }

  const begin = () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  return {
    sha: () => {
      if (!closing.signal.aborted) void begin();
      return latest;
    },
    changed: async () => {
      // A look under way may have begun before the last change.
      await looking;
      if (!closing.signal.aborted) await begin();
      const names = ["diff", "--name-only", "--no-renames", "-z", String(parents[0]), ...(latest ? [latest] : [])];
      const found = latest && (await git(names, { cwd: gitDir, gitDir, signal: closing.signal }).catch(() => undefined));
      if (found) differs = found.stdout.split("\0").filter((name) => name !== "");
      return differs;
    },
    close: async () => {
      closing.abort();
      await looking;
    },
  };
}
