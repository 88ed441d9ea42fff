/** The rules a change must keep before it is pushed (R10, R20). Plain data in; throws `GuardError` naming rule and path. */

import { redactor } from "../../agents/runtime/redact.ts";
import type { Change } from "./changes.ts";
import { GuardError } from "./guard-error.ts";
import { hiddenSecrets } from "./hidden-secrets.ts";
import { whyProtected } from "./protected-paths.ts";

export interface Proposal {
  readonly changes: readonly Change[];
  /** Every path of the new tree. */
  readonly tree: readonly string[];
  /** The commit as git keeps it: who made it, and its message. */
  readonly message: string;
  readonly limits: { readonly changedFiles: number; readonly changedLines: number };
}

const MOST_BYTES = 5 * 1024 * 1024;
const MOST_ADDED = 4 * 1024 * 1024;
const MOST_FILES = 300;

const redacted = redactor([]);

export function guard({ changes, tree, message, limits }: Proposal): void {
  const files = Math.min(limits.changedFiles, MOST_FILES);
  if (changes.length > files) throw new GuardError("changed-files", `The change touches ${changes.length} files; the limit is ${files}.`);
  for (const change of changes) guardOne(change);
  const lines = changes.reduce((sum, change) => sum + change.lines, 0);
  if (lines > limits.changedLines)
    throw new GuardError("changed-lines", `The change has ${lines} changed lines; the limit is ${limits.changedLines}.`);
  if (changes.reduce((sum, { added }) => sum + added.length, 0) > MOST_ADDED)
    throw new GuardError("patch-size", "The change adds more than 4 MiB.");
  for (const { path, added } of changes) {
    const [found] = [added, path, path.replaceAll("/", "\n")].flatMap(hiddenSecrets);
    if (found) throw new GuardError("secret", `${shown(path)} seems to hold a secret (${found}).`);
  }
  guardNames(changes, tree);
  const [secret] = hiddenSecrets(message);
  if (secret) throw new GuardError("secret", `The commit's message or header seems to hold a secret (${secret}).`);
  if (/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b:?\s+(?:\S*#\d|GH-\d|https?:)/i.test(message)) {
    throw new GuardError("commit-message", "The commit message would close an issue by itself.");
  }
}

/** A path as it is told: on one line, and without the secret that it may be itself. */
const shown = (path: string): string => JSON.stringify(redacted(path));

function guardOne({ path, mode, size }: Change): void {
  const why = whyProtected(path);
  if (why) throw new GuardError("protected-path", `The change touches ${shown(path)}, which is protected: ${why}.`);
  if (mode === "120000") throw new GuardError("symlink", `${shown(path)} is a symbolic link; a run may not bring one.`);
  if (mode === "160000") throw new GuardError("submodule", `${shown(path)} is a submodule; a run may not bring one.`);
  if (size > MOST_BYTES) throw new GuardError("file-size", `${shown(path)} has ${size} bytes; the limit is ${MOST_BYTES}.`);
}

/** On a file system that ignores case one of two such files would replace the other. */
function guardNames(changes: readonly Change[], tree: readonly string[]): void {
  const fold = (path: string) => path.normalize("NFC").toLowerCase();
  const byFold = Map.groupBy(tree.flatMap(withParents), fold);
  for (const { path, mode } of changes) {
    if (mode === "000000") continue;
    for (const name of withParents(path)) {
      const same = new Set(byFold.get(fold(name)));
      if (same.size > 1)
        throw new GuardError("case-collision", `${[...same].map((one) => JSON.stringify(one)).join(" and ")} differ only in letter case.`);
    }
  }
}

const withParents = (path: string): string[] => path.split("/").map((_, at, names) => names.slice(0, at + 1).join("/"));
