import { readCommit } from "./commit.ts";
import { commitsSince, mergeBase } from "./compare.ts";
import type { Person } from "./import.ts";
import { GitError, gitText } from "./run.ts";
import { type GitStore, once } from "./store.ts";

/** The tree that merging both gives; `undefined`: they conflict. */
export function mergedTree(store: GitStore, base: string, head: string): Promise<string | undefined> {
  return once(store, `merge ${base} ${head}`, async () => {
    try {
      return (await gitText(store.dir, ["merge-tree", "--write-tree", "--no-messages", base, head])).trim();
    } catch (error) {
      if (error instanceof GitError && error.exitCode === 1) return undefined;
      throw error;
    }
  });
}

export interface CommitWords {
  readonly message: string;
  readonly author: Person;
  readonly at: Date;
}

const GITHUB: Person = { name: "GitHub", email: "noreply@github.com" };

export async function commitTree(
  store: GitStore,
  tree: string,
  parents: readonly string[],
  { message, author, at }: CommitWords,
): Promise<string> {
  const date = `${Math.floor(at.getTime() / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: GITHUB.name,
    GIT_COMMITTER_EMAIL: GITHUB.email,
    GIT_COMMITTER_DATE: date,
  };
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"];
  return (await gitText(store.dir, args, { stdin: message, env })).trim();
}

/** The head's commits one by one on top of the base; `undefined`: one of them conflicts. */
export async function rebased(store: GitStore, base: string, head: string, at: Date): Promise<string | undefined> {
  let tip = base;
  const fork = (await mergeBase(store, base, head)) ?? base;
  for (const sha of await commitsSince(store, fork, head)) {
    const { message, author, parents } = await readCommit(store, sha);
    // git 2.39 merges trees only from their common ancestor: give both sides the commit's own parent as that.
    const [parent = fork] = parents;
    const words = { message, author, at };
    const onto = await commitTree(store, `${tip}^{tree}`, [parent], words);
    const tree = await mergedTree(store, onto, sha);
    if (!tree) return undefined;
    tip = await commitTree(store, tree, [tip], words);
  }
  return tip;
}
