import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gitText } from "./run.ts";
import { type GitStore, once } from "./store.ts";
import { entryAt, readBlob } from "./tree.ts";

export type FileStatus = "added" | "removed" | "modified" | "renamed" | "copied" | "changed";

export interface ChangedFile {
  readonly sha: string;
  readonly filename: string;
  readonly previousFilename?: string;
  readonly status: FileStatus;
  readonly additions: number;
  readonly deletions: number;
  /** Absent where GitHub leaves it out: binary, renamed only, or too large. */
  readonly patch?: string;
}

const statuses: Readonly<Record<string, FileStatus>> = { A: "added", D: "removed", M: "modified", R: "renamed", C: "copied", T: "changed" };
const MOST_PATCH_LINES = 20_000;
const MOST_PATCH_BYTES = 1_000_000;
const NO_FILE = "0".repeat(40);

/** Names and counts, from git's own NUL-separated form: quoted names would not come back as they were. */
function parseRaw(text: string): ChangedFile[] {
  const fields = text.split("\0");
  const files: ChangedFile[] = [];
  let at = 0;
  for (; fields[at]?.startsWith(":"); ) {
    const [, , oldSha = "", newSha = "", letter = ""] = (fields[at++] ?? "").split(" ");
    const status = statuses[letter[0] ?? ""] ?? "changed";
    const first = fields[at++] ?? "";
    const moved = letter[0] === "R" || letter[0] === "C";
    const filename = moved ? (fields[at++] ?? "") : first;
    files.push({
      sha: newSha === NO_FILE ? oldSha : newSha,
      filename,
      status,
      additions: 0,
      deletions: 0,
      ...(moved ? { previousFilename: first } : {}),
    });
  }
  return files.map((file) => {
    const [added = "", deleted = "", path = ""] = (fields[at++] ?? "").split("\t");
    if (path === "") at += 2;
    return { ...file, additions: Number(added) || 0, deletions: Number(deleted) || 0 };
  });
}

function withPatch(file: ChangedFile, section: string): ChangedFile {
  const start = section.search(/^@@ /m);
  if (start < 0) return file;
  const patch = section.slice(start).replace(/\n$/, "");
  return patch.length > MOST_PATCH_BYTES || patch.split("\n").length > MOST_PATCH_LINES ? file : { ...file, patch };
}

/** GitHub heeds the head's `.gitattributes`, as far as it lies at the top; git itself looks for one in a folder that is checked out. */
async function attributesOf(store: GitStore, commit: string): Promise<string> {
  const entry = await entryAt(store, commit, ".gitattributes").catch(() => undefined);
  if (entry?.type !== "blob") return "/dev/null";
  const file = join(store.dir, `attributes-${entry.sha}`);
  await writeFile(file, await readBlob(store, entry.sha));
  return file;
}

/** Every file that differs between two commits, renames found, in git's order. */
export function changedFiles(store: GitStore, from: string, to: string): Promise<readonly ChangedFile[]> {
  return once(store, `diff ${from} ${to}`, async () => {
    if (from === to) return [];
    const text = await gitText(store.dir, [
      "-c",
      `core.attributesFile=${await attributesOf(store, to)}`,
      "diff",
      "--raw",
      "--numstat",
      "-p",
      "-z",
      "-M",
      "--abbrev=40",
      "--no-color",
      "--no-ext-diff",
      from,
      to,
    ]);
    // One process for all three forms; an empty field parts the names from the patches.
    const end = text.indexOf("\0\0diff --git ");
    const raw = end < 0 ? text : text.slice(0, end + 1);
    const sections = end < 0 ? [] : text.slice(end + 2).split(/^(?=diff --git )/m);
    let next = 0;
    return parseRaw(raw).map((file) => {
      const section = sections[next] ?? "";
      // A file that becomes a link or a submodule is shown as one that goes and one that comes: no patch of one file.
      next += file.status === "changed" ? 2 : 1;
      return file.status === "changed" ? file : withPatch(file, section);
    });
  });
}

/** The diff as text, three dots as on a pull request's page. */
export const diffText = (store: GitStore, from: string, to: string) => gitText(store.dir, ["diff", "-M", "--no-color", from, to]);
export const patchText = (store: GitStore, from: string, to: string) => gitText(store.dir, ["format-patch", "--stdout", `${from}..${to}`]);
