import { type ObjectReader, openObjectReader } from "./objects.ts";
import { git, gitText } from "./run.ts";

/** A bare repository. What its objects say never changes, so every answer about objects is kept. */
export interface GitStore {
  readonly dir: string;
  readonly objects: ObjectReader;
  readonly refs: Map<string, string>;
  readonly kept: Map<string, Promise<unknown>>;
  /** Changes of refs wait for each other here. */
  turn: Promise<unknown>;
}

export const openStore = (dir: string): GitStore => ({
  dir,
  objects: openObjectReader(dir),
  refs: new Map(),
  kept: new Map(),
  turn: Promise.resolve(),
});

/** Answers from what was read before, or reads. Only for questions whose answer cannot change. */
export function once<T>(store: GitStore, key: string, read: () => Promise<T>): Promise<T> {
  const kept = store.kept.get(key) as Promise<T> | undefined;
  if (kept) return kept;
  const reading = read();
  store.kept.set(key, reading);
  reading.catch(() => store.kept.delete(key));
  return reading;
}

/** One change of refs at a time. */
export function inTurn<T>(store: GitStore, work: () => Promise<T>): Promise<T> {
  const result = store.turn.then(work);
  store.turn = result.catch(() => {});
  return result;
}

export async function readRefs(store: GitStore): Promise<Map<string, string>> {
  const text = await gitText(store.dir, ["for-each-ref", "--format=%(objectname) %(refname)"]);
  return new Map(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(41), line.slice(0, 40)]),
  );
}

/** Sets refs; `null` deletes. */
export async function updateRefs(store: GitStore, changes: Readonly<Record<string, string | null>>): Promise<void> {
  const lines = Object.entries(changes).map(([ref, sha]) => (sha ? `update ${ref} ${sha}\n` : `delete ${ref}\n`));
  await git(store.dir, ["update-ref", "--stdin"], { stdin: lines.join("") });
  for (const [ref, sha] of Object.entries(changes)) {
    if (sha) store.refs.set(ref, sha);
    else store.refs.delete(ref);
  }
}

export const branchSha = (store: GitStore, branch: string) => store.refs.get(`refs/heads/${branch}`);

/** A branch, a tag, a full or short sha, `heads/x` … → the commit. */
export async function resolveCommit(store: GitStore, name: string): Promise<string | undefined> {
  for (const prefix of ["refs/heads/", "refs/tags/", "refs/", ""]) {
    const sha = store.refs.get(prefix + name);
    if (sha) return (await store.objects.size(`${sha}^{commit}`))?.sha;
  }
  return /^[0-9a-f]{7,40}$/.test(name) ? (await store.objects.size(`${name}^{commit}`))?.sha : undefined;
}
