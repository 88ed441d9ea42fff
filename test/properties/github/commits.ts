/** Commits, what they contain, and what differs between two of them. */
import { createHash } from "node:crypto";
import { missing } from "./errors.ts";
import type { Account, GitHub } from "./state.ts";

/** Every file of a commit: its path and its text. */
export type Tree = ReadonlyMap<string, string>;

export interface Commit {
  readonly sha: string;
  readonly parent?: string;
  readonly tree: Tree;
  readonly author: Account;
  readonly committer: Account;
}

export const shaOf = (name: string): string => createHash("sha1").update(name).digest("hex");

/** The id that git gives a text. */
export const blobId = (text: string): string => shaOf(`blob ${Buffer.byteLength(text)}\0${text}`);

export const treeId = (tree: Tree): string => shaOf([...tree].map(([path, text]) => `${path}\0${blobId(text)}`).join("\n"));

export const commitOf = ({ commits }: Pick<GitHub, "commits">, sha: string): Commit => commits.get(sha) ?? missing(`commit ${sha}`);

/** A commit and all before it, newest first. */
export function historyOf(github: Pick<GitHub, "commits">, sha: string): readonly Commit[] {
  const found: Commit[] = [];
  for (let at: string | undefined = sha; at !== undefined; at = found.at(-1)?.parent) found.push(commitOf(github, at));
  return found;
}

/** The newest commit that both come from. */
export function forkOf(github: Pick<GitHub, "commits">, base: string, head: string): Commit {
  const before = new Set(historyOf(github, base).map(({ sha }) => sha));
  return historyOf(github, head).find(({ sha }) => before.has(sha)) ?? missing(`a common commit of ${base} and ${head}`);
}

export interface Difference {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

export const differences = (from: Tree, to: Tree): readonly Difference[] =>
  [...new Set([...from.keys(), ...to.keys()])].flatMap((path) => {
    const [before, after] = [from.get(path), to.get(path)];
    return before === after ? [] : [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  });

/** A tree with some files taken over from what changed between two others. */
export function grafted(onto: Tree, changes: readonly Difference[]): Tree {
  const tree = new Map(onto);
  for (const { path, after } of changes) {
    if (after === undefined) tree.delete(path);
    else tree.set(path, after);
  }
  return tree;
}

/** The lines between the first and the last that differ, as one hunk of a patch. */
export function patchOf({ before = "", after = "" }: Difference): string {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let first = 0;
  while (first < old.length && first < fresh.length && old[first] === fresh[first]) first += 1;
  let same = 0;
  while (same < old.length - first && same < fresh.length - first && old.at(-1 - same) === fresh.at(-1 - same)) same += 1;
  const [gone, come] = [old.slice(first, old.length - same), fresh.slice(first, fresh.length - same)];
  const from = (lines: readonly string[]) => (lines.length > 0 ? first + 1 : first);
  const head = `@@ -${from(gone)},${gone.length} +${from(come)},${come.length} @@`;
  return [head, ...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)].join("\n");
}

const linesOf = (text: string): readonly string[] => text.split("\n").slice(0, -1);
