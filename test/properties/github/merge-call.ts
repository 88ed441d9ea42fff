import { differences, forkOf, type Tree } from "./commits.ts";
import { type Check, type GitHub, headOf, type Issue, type Pull, type Role } from "./state.ts";

/** The world as it was when somebody asked for a merge: all that this merge is judged by. */
export interface MergeCall {
  readonly at: Date;
  readonly moment: number;
  readonly sha: string;
  readonly pull: Pull;
  readonly issue: Issue | undefined;
  /** The default branch. */
  readonly main: Tree;
  /** Paths that differ from where the branch left its base. */
  readonly changed: readonly string[];
  /** Logins of its author, of its commits' authors and committers, and of who pushed them. */
  readonly madeBy: ReadonlySet<string>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly teams: ReadonlyMap<string, ReadonlySet<string>>;
  readonly comments: GitHub["comments"];
  readonly presses: GitHub["presses"];
  readonly checks: readonly Check[];
  /** Other open pull requests of the same head into a protected branch. */
  readonly siblings: readonly number[];
}

export function callOf(github: GitHub, pull: Pull, sha: string): MergeCall {
  const head = headOf(pull);
  const main = github.commits.get(github.main.at(-1) ?? "")?.tree ?? new Map();
  const issue = github.issues.get(pull.issue);
  const guarded = (base: string) => base === "main" || github.branches.get(base)?.protected === true;
  return structuredClone({
    ...{ at: github.now(), moment: github.moment(), sha, pull, issue, main },
    changed: differences(forkOf(github, baseOf(github, pull), head).tree, pull.commits.at(-1)?.tree ?? main).map(({ path }) => path),
    madeBy: makersOf(github, pull),
    ...{ roles: github.permissions, teams: github.teams },
    presses: github.presses,
    comments: github.comments.filter(({ on }) => on === pull.number),
    checks: github.checks.filter((check) => check.head === head),
    siblings: [...github.pulls.values()]
      .filter((one) => one !== pull && one.state === "open" && headOf(one) === head && guarded(one.base))
      .map(({ number }) => number),
  });
}

/** The commit that a pull request's base branch is at. */
export const baseOf = ({ main, branches }: GitHub, { base }: Pull): string =>
  (base === "main" ? main.at(-1) : branches.get(base)?.sha) ?? "";

/** What a pull request brings, oldest first. */
export function commitsOf(github: GitHub, pull: Pull) {
  const fork = forkOf(github, baseOf(github, pull), headOf(pull));
  const brought = pull.commits.findLastIndex(({ sha }) => sha === fork.sha) + 1;
  return pull.commits.slice(brought);
}

function makersOf(github: GitHub, pull: Pull): ReadonlySet<string> {
  const commits = commitsOf(github, pull);
  const shas = new Set(commits.map(({ sha }) => sha));
  const pushers = github.pushes.filter(({ sha, branch }) => branch === pull.branch && shas.has(sha)).map(({ by }) => by);
  return new Set([pull.by, ...commits.flatMap(({ author, committer }) => [author, committer]), ...pushers].map(({ login }) => login));
}
