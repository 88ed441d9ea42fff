/** How much an agent's files grew, known before git reads a byte of them: a file of ten gigabytes is not even hashed. */
import { lstat } from "node:fs/promises";
import path from "node:path";
import { entriesOf } from "./entries.ts";
import { git } from "./git.ts";
import type { Checkout } from "./workspace.ts";

/** Bytes of new and changed files together, before anything is compressed. The publish job takes less. */
export const MOST_GROWTH = 50 * 1024 * 1024;

/** The workspace holds more than may be kept; the message is a sentence. */
export class TooLarge extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TooLarge";
  }
}

/** Throws `TooLarge` when the workspace is too large to be kept. */
export async function requireSmall({ gitDir, workspace, parents }: Checkout): Promise<void> {
  const ours = { cwd: gitDir, gitDir };
  const before = new Set<string>();
  for (const parent of parents) {
    for (const entry of await entriesOf(parent, ours)) before.add(`${entry.size} ${entry.path}`);
  }
  const { stdout } = await git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { ...ours, workTree: workspace });
  let grown = 0;
  let largest = { name: "", size: 0 };
  for (const name of new Set(stdout.split("\0"))) {
    const size = name === "" ? 0 : ((await lstat(path.join(workspace, name)).catch(() => undefined))?.size ?? 0);
    if (before.has(`${size} ${name}`)) continue;
    grown += size;
    if (size > largest.size) largest = { name, size };
  }
  if (grown <= MOST_GROWTH) return;
  throw new TooLarge(
    `The change has ${grown} bytes of new or changed files; the limit is ${MOST_GROWTH}. The largest is ${JSON.stringify(largest.name)} with ${largest.size}.`,
  );
}
