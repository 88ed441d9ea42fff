/** What differs between two commits, from git's own objects: whole, whatever its size, its names or its attributes (R11). */
import type { SeenChanges } from "../domain/seen.ts";
import { contentOf, readable, type Side, SUBMODULE } from "./blob-content.ts";
import { changedFiles, type Entry } from "./changed-files.ts";
import { GitFailure, git } from "./git.ts";

const MOST_FILES = 30_000;
const MOST_TEXT_BYTES = 64_000_000;
const plain = ["--no-abbrev", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=none"] as const;

/** What a head changes since it left its base; both may be anything that names a commit in the repository. */
export async function changesBetween(gitDir: string, base: string, head: string): Promise<SeenChanges> {
  const [from, to] = await Promise.all([base, head].map((name) => commitNamed(gitDir, name)));
  if (!from || !to) throw new Error(`${gitDir} has no commit ${from ? head : base}: fetch it first, or name another.`);
  const fork = await oneLine(gitDir, ["merge-base", "--end-of-options", from, to], [1]);
  return fork ? changesFrom(gitDir, fork, to) : incomplete(noCommonCommit);
}

export const noCommonCommit = "its head and its base have no commit in common";

/** What differs between two commits. `bring` is asked for objects before they are read. */
export async function changesFrom(
  gitDir: string,
  fork: string,
  head: string,
  bring: (ids: readonly string[]) => Promise<void> = async () => {},
): Promise<SeenChanges> {
  const raw = await git(["diff-tree", "-r", "--raw", "-z", "--no-renames", ...plain, "--end-of-options", fork, head], { cwd: gitDir });
  const entries = entriesIn(raw.toString());
  if (entries.length > MOST_FILES) return incomplete(`it changes ${entries.length} files, more than can be looked at`);
  const sides = entries.flatMap(({ path, base, head }) => [base, head].flatMap((side) => (side ? [{ path, side }] : [])));
  const files = sides.filter(({ side }) => side.mode !== SUBMODULE);
  await bring([...new Set(files.map(({ side }) => side.id))]);
  const sizes = await sizesOf(gitDir, [...new Set(files.map(({ side }) => side.id))]);
  const wanted = new Set(files.filter(({ path, side }) => readable(path, withSize(side, sizes))).map(({ side }) => side.id));
  const total = [...wanted].reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0);
  if (total > MOST_TEXT_BYTES) return incomplete(`its files are ${Math.round(total / 1_000_000)} MB, more than can be looked at`);
  const [bytes, previous] = await Promise.all([bytesOf(gitDir, [...wanted]), previousPaths(gitDir, fork, head)]);
  return {
    complete: true,
    files: await changedFiles(
      entries.map((entry) => ({ ...entry, ...(previous.has(entry.path) ? { previousPath: previous.get(entry.path) ?? "" } : {}) })),
      (path, side) => contentOf(path, side.mode, readable(path, withSize(side, sizes)) ? bytes.get(side.id) : undefined),
    ),
  };
}

const incomplete = (because: string): SeenChanges => ({ complete: false, because, files: [] });

const withSize = (side: Side, sizes: ReadonlyMap<string, number>): Side => ({ ...side, size: sizes.get(side.id) ?? 0 });

const commitNamed = (gitDir: string, name: string): Promise<string> =>
  oneLine(gitDir, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`], [1, 128]);

const oneLine = async (cwd: string, args: readonly string[], accept: readonly number[]): Promise<string> =>
  (await git(args, { cwd, accept })).toString().split("\n")[0] ?? "";

/** `:100644 000000 <id> <id> D` and the path, each ended by NUL: quoted names would not come back as they were. */
function entriesIn(raw: string): readonly Entry[] {
  const fields = raw.split("\0");
  return fields.flatMap((field, index) => {
    if (index % 2 !== 0 || !field.startsWith(":")) return [];
    const [previousMode = "", mode = "", before = "", after = ""] = field.slice(1).split(" ");
    const [base, head] = [sideOf(previousMode, before), sideOf(mode, after)];
    return [{ path: fields[index + 1] ?? "", ...(base ? { base } : {}), ...(head ? { head } : {}) }];
  });
}

const sideOf = (mode: string, id: string): Side | undefined => (mode === "000000" ? undefined : { mode, id });

/** Where files of a new name came from, as git guesses: for people to read. */
async function previousPaths(cwd: string, fork: string, head: string): Promise<ReadonlyMap<string, string>> {
  const args = ["diff-tree", "-r", "--raw", "-z", "-M", "-l1000", "--diff-filter=R", ...plain, "--end-of-options", fork, head];
  const fields = (await git(args, { cwd })).toString().split("\0");
  const renames = fields.flatMap((field, index) => (field.startsWith(":") && index % 3 === 0 ? [index] : []));
  return new Map(renames.map((index) => [fields[index + 2] ?? "", fields[index + 1] ?? ""]));
}

async function sizesOf(cwd: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const said = await git(["cat-file", "--batch-check"], { cwd, stdin: `${ids.join("\n")}\n` });
  const lines = said
    .toString()
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" "));
  const missing = lines.find(([, type]) => type === "missing");
  if (missing) throw new GitFailure(`${cwd} does not have the object ${missing[0]}: it was cloned without it.`, "failed");
  return new Map(lines.map(([id = "", , size]) => [id, Number(size)]));
}

/** `<id> blob <size>`, a line break, the bytes and a line break, for each. */
async function bytesOf(cwd: string, ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const all = new Map<string, Buffer>();
  if (ids.length === 0) return all;
  const said = await git(["cat-file", "--batch"], { cwd, stdin: `${ids.join("\n")}\n`, mostBytes: MOST_TEXT_BYTES * 2 });
  for (let at = 0; at < said.length; ) {
    const end = said.indexOf(10, at);
    const [id = "", , size] = said.toString("latin1", at, end).split(" ");
    all.set(id, said.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return all;
}
