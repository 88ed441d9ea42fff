/** Which lines differ between two texts. A patch only says where; what stands there is always taken from the texts. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import parseDiff from "parse-diff";
import { linesOf } from "./blob-content.ts";
import { GitFailure, git } from "./git.ts";

/** Numbers, from 1, of the lines that are gone and of those that are new. */
export interface Differing {
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

export interface Texts {
  readonly base: string;
  readonly head: string;
}

const HEADER = "--- a/file\n+++ b/file\n";

/** What GitHub's patch says; undefined where it is cut, was left out, or does not lead from one text to the other. */
export function differingBy(patch: string | undefined, texts: Texts): Differing | undefined {
  const said = patch === undefined ? undefined : numbersIn(parseDiff(HEADER + patch)[0]);
  return said && leads(said, texts) ? said : undefined;
}

/** What git finds, for each pair; every line where it finds nothing that leads from one to the other. */
export async function compared(pairs: readonly Texts[]): Promise<readonly Differing[]> {
  const files = pairs.length > 0 ? await compareByGit(pairs) : new Map<string, parseDiff.File>();
  return pairs.map((texts, index) => {
    const found = numbersIn(files.get(String(index)));
    return leads(found, texts) ? found : allOf(texts);
  });
}

const numbersIn = (file: parseDiff.File | undefined): Differing => {
  // A note that there is no line break at the end stands there like a line.
  const changes = (file?.chunks ?? []).flatMap((chunk) => chunk.changes).filter(({ content }) => !content.startsWith("\\"));
  return {
    removed: changes.flatMap((change) => (change.type === "del" ? [change.ln] : [])),
    added: changes.flatMap((change) => (change.type === "add" ? [change.ln] : [])),
  };
};

/** Whether both texts are the same without the lines that differ. */
function leads({ removed, added }: Differing, { base, head }: Texts): boolean {
  const [before, after] = [without(base, removed), without(head, added)];
  return before !== undefined && before === after;
}

/** With their line ends, which can be all that differs. Undefined where there are no such lines. */
function without(text: string, numbers: readonly number[]): string | undefined {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const taken = new Set(numbers);
  const left = lines.filter((_, index) => !taken.has(index + 1));
  return left.length === lines.length - numbers.length ? left.join("") : undefined;
}

const allOf = ({ base, head }: Texts): Differing => ({
  removed: linesOf(base).map((_, index) => index + 1),
  added: linesOf(head).map((_, index) => index + 1),
});

/** In a repository of its own, under numbers: no name of theirs and none of their attributes has a say. */
async function compareByGit(pairs: readonly Texts[]): Promise<ReadonlyMap<string, parseDiff.File>> {
  const cwd = await mkdtemp(join(tmpdir(), "rig-compare-"));
  try {
    await git(["init", "--quiet", "--bare", "--template=", "."], { cwd });
    const stdin = Buffer.concat([...commitOf("base", pairs), ...commitOf("head", pairs), Buffer.from("done\n")]);
    // It is thrown away at once: nothing in it is worth making small or safe.
    const config = { "core.compression": "0", "pack.compression": "0", "core.fsync": "none" };
    await git(["fast-import", "--quiet", "--done", "--depth=0"], { cwd, stdin, config });
    const args = ["diff-tree", "-r", "-p", "-U3", "--text", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"];
    const diff = await git([...args, "refs/heads/base", "refs/heads/head"], { cwd });
    return new Map(parseDiff(diff.toString("latin1")).map((file) => [file.to?.split("/").at(-1) ?? "", file]));
  } catch (error) {
    if (error instanceof GitFailure && error.kind === "missing") return new Map();
    throw error;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** One commit as `git fast-import` reads it: one process and one file, whatever the number of texts. */
const commitOf = (side: keyof Texts, pairs: readonly Texts[]): readonly Buffer[] => [
  Buffer.from(`commit refs/heads/${side}\ncommitter rig <rig> 0 +0000\ndata 0\n`),
  ...pairs.flatMap((texts, index) => {
    const bytes = Buffer.from(texts[side]);
    return [Buffer.from(`M 100644 inline ${index}\ndata ${bytes.length}\n`), bytes, Buffer.from("\n")];
  }),
];
