/** Questions about who descends from whom. Histories here are short: walking them costs less than a process. */
import { readCommit } from "./commit.ts";
import { type GitStore, once } from "./store.ts";

/** A commit and all it descends from, every child before its parents. */
function history(store: GitStore, sha: string): Promise<ReadonlySet<string>> {
  return once(store, `history ${sha}`, async () => {
    const finished = new Set<string>();
    const stack: { readonly sha: string; readonly parents: string[] }[] = [];
    const enter = async (next: string) => stack.push({ sha: next, parents: [...(await readCommit(store, next)).parents].reverse() });
    await enter(sha);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const parent = top.parents.pop();
      if (parent === undefined) {
        finished.add(top.sha);
        stack.pop();
      } else if (!finished.has(parent)) await enter(parent);
    }
    return new Set([...finished].reverse());
  });
}

const without = (all: ReadonlySet<string>, taken: ReadonlySet<string>) => [...all].filter((sha) => !taken.has(sha));

/** Where two histories part: a common commit that no other common one descends from. */
export function mergeBase(store: GitStore, one: string, other: string): Promise<string | undefined> {
  return once(store, `base ${one} ${other}`, async () => {
    const [mine, theirs] = await Promise.all([history(store, one), history(store, other)]);
    return [...mine].find((sha) => theirs.has(sha));
  });
}

/** Commits of `head` that `base` lacks, oldest first. */
export async function commitsSince(store: GitStore, base: string, head: string): Promise<readonly string[]> {
  const [of, not] = await Promise.all([history(store, head), history(store, base)]);
  return without(of, not).reverse();
}

export async function aheadBehind(
  store: GitStore,
  base: string,
  head: string,
): Promise<{ readonly ahead: number; readonly behind: number }> {
  const [ahead, behind] = await Promise.all([commitsSince(store, base, head), commitsSince(store, head, base)]);
  return { ahead: ahead.length, behind: behind.length };
}

export const isAncestor = async (store: GitStore, ancestor: string, of: string) => (await history(store, of)).has(ancestor);
