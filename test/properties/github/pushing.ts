/** Commits arrive: on the default branch, and on the branches of pull requests. */
import { type Commit, commitOf, grafted, shaOf, type Tree } from "./commits.ts";
import { type Account, type GitHub, headOf, nextId, type Pull, rigBot, stamp } from "./state.ts";

/** Files and what they become. */
export type Edits = ReadonlyMap<string, string>;

const edited = (tree: Tree, edits: Edits): Tree =>
  grafted(
    tree,
    [...edits].map(([path, after]) => ({ path, after })),
  );

export interface Pushing {
  readonly by: Account;
  readonly author?: Account;
  readonly edits: Edits;
}

/** A branch gets a commit on top of what it has. */
export function land(github: GitHub, branch: string, sha: string, tree: Tree, by: Account): void {
  const other = github.branches.get(branch);
  const parent = branch === "main" ? github.main.at(-1) : other?.sha;
  github.commits.set(sha, { sha, tree, author: by, committer: by, ...(parent === undefined ? {} : { parent }) });
  if (branch === "main") github.main.push(sha);
  else if (other) other.sha = sha;
  github.pushes.push({ branch, sha, by, at: stamp(github) });
}

/** Somebody changes files on the default branch. */
export function pushedToMain(github: GitHub, by: Account, edits: Edits): void {
  const tree = edited(commitOf(github, github.main.at(-1) ?? "").tree, edits);
  land(github, "main", shaOf(`main@${nextId(github)}`), tree, by);
  github.tell({ everything: true });
}

/** The branch of a run gets another commit, and its pull request is opened where there is none. `name` tells what was made. */
export function published(github: GitHub, number: number, issue: number, branch: string, name: string, edits: Edits): Pull {
  const open = [...github.pulls.values()].find((pull) => pull.branch === branch && pull.state === "open");
  const pull: Pull = open ?? { ...opened(number, branch, rigBot), issue };
  const sha = shaOf(`${branch}@${open?.commits.length ?? 0}@${number}@${name}`);
  commit(github, pull, sha, { by: rigBot, edits });
  github.pulls.set(pull.number, pull);
  tell(github, pull);
  return pull;
}

/** A person pushes to the pull request's branch; answers the new head. */
export function pushed(github: GitHub, pull: Pull, pushing: Pushing): string {
  const sha = shaOf(`${pull.branch}@${pull.commits.length}@${pushing.by.login}@${nextId(github)}`);
  commit(github, pull, sha, pushing);
  tell(github, pull);
  return sha;
}

/** A person opens another pull request of the very same commits. */
export function openedBeside(github: GitHub, number: number, pull: Pull, by: Account, base: string): Pull {
  const beside: Pull = { ...opened(number, `${pull.branch}-too-${number}`, by), base, commits: [...pull.commits] };
  github.pulls.set(number, beside);
  github.pushes.push({ branch: beside.branch, sha: headOf(beside), by, at: stamp(github) });
  github.tell({ pullRequest: number });
  return beside;
}

const opened = (number: number, branch: string, by: Account): Pull => ({
  ...{ number, branch, by, issue: 0, base: "main", commits: [], reviews: [], labels: [] },
  ...{ state: "open", draft: false, mergeable: true, refusals: 0 },
});

function commit(github: GitHub, pull: Pull, sha: string, { by, author = by, edits }: Pushing): void {
  const parent = headOf(pull) || (github.main.at(-1) ?? "");
  const made: Commit = { sha, parent, tree: edited(commitOf(github, parent).tree, edits), author, committer: by };
  github.commits.set(sha, made);
  pull.commits.push(made);
  pull.mergeable = true;
  github.pushes.push({ branch: pull.branch, sha, by, at: stamp(github) });
}

function tell(github: GitHub, { branch, number }: Pull): void {
  github.tell({ branch });
  github.tell({ pullRequest: number });
}
