import { readCommit } from "../git/commit.ts";
import { commitTree, mergedTree, rebased } from "../git/merge.ts";
import { branchSha } from "../git/store.ts";
import { Refusal } from "../http/refusal.ts";
import { record } from "../issues/acts.ts";
import { closePromised } from "../issues/closing-words.ts";
import { announceIssue } from "../issues/issue.ts";
import { changeRefs } from "../pushes/moved.ts";
import { bypassOf, enforced } from "../repositories/ruleset.ts";
import { emailOf } from "../shapes/commit.ts";
import type { PullIssue } from "../shapes/pull.ts";
import type { Author } from "../state/people.ts";
import type { MergeMethod, Repository } from "../state/repository.ts";
import { nowIso, type World } from "../world.ts";
import { pullCommits } from "./content.ts";
import { missingForMerge } from "./rules.ts";

export interface MergeWish {
  readonly method: MergeMethod;
  /** The head must still be this commit. */
  readonly sha?: string;
  readonly title?: string;
  readonly message?: string;
}

const notMergeable = (message: string) => new Refusal(405, message);
const names: Readonly<Record<MergeMethod, string>> = { merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" };

/** What the pull request itself says, whatever the rules say. */
export function refuseByState({ state, pull }: PullIssue, wish: Pick<MergeWish, "sha">): void {
  if (state === "closed") throw notMergeable("Pull Request is not mergeable");
  if (wish.sha && wish.sha !== pull.headSha) throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  if (pull.draft) throw notMergeable("Pull Request is still a draft");
}

/** The rules' no, as a list under one heading. */
export function refuseByRules(missing: readonly string[]): void {
  if (missing.length) throw notMergeable(["Repository rule violations found", ...missing].join("\n\n"));
}

async function refuseUnlessMergeable(repository: Repository, issue: PullIssue, by: Author, wish: MergeWish): Promise<string> {
  const { pull } = issue;
  refuseByState(issue, wish);
  const base = branchSha(repository.git, pull.baseBranch);
  if (!base || !(await mergedTree(repository.git, base, pull.headSha))) throw notMergeable("Pull Request is not mergeable");
  if (bypassOf(repository, by) !== "never") return base;
  const { mergeMethods, mergeQueue } = pull.baseBranch === repository.defaultBranch ? enforced(repository) : {};
  if (mergeMethods?.includes(wish.method) === false) throw notMergeable(`${names[wish.method]} are not allowed on this repository.`);
  const queue = mergeQueue ? ["Changes must be made through the merge queue"] : [];
  refuseByRules([...queue, ...(await missingForMerge(repository, issue))]);
  return base;
}

/** Makes the commit that a merge into `base` gives; throws where they conflict. */
export async function mergeCommit(
  world: World,
  repository: Repository,
  issue: PullIssue,
  base: string,
  by: Author,
  wish: MergeWish,
): Promise<string> {
  const { git } = repository;
  const { pull, number } = issue;
  const tree = await mergedTree(git, base, pull.headSha);
  if (!tree) throw notMergeable("Merge conflict");
  const at = world.now();
  if (wish.method === "rebase") {
    const tip = await rebased(git, base, pull.headSha, at);
    if (!tip) throw notMergeable("This branch can't be rebased");
    return tip;
  }
  if (wish.method === "merge") {
    const title = wish.title ?? `Merge pull request #${number} from ${repository.owner.login}/${pull.headBranch}`;
    const author = { name: by.user.login, email: emailOf(by.user) };
    return commitTree(git, tree, [base, pull.headSha], { message: `${title}\n\n${wish.message ?? issue.title}`, author, at });
  }
  const commits = await Promise.all((await pullCommits(repository, pull)).map((sha) => readCommit(git, sha)));
  const [only] = commits.length === 1 ? commits : [];
  const subject = only?.message.split("\n")[0] ?? issue.title;
  const list = only ? only.message.split("\n").slice(1).join("\n").trim() : commits.map(({ message }) => `* ${message}`).join("\n\n");
  const author = { name: issue.author.user.login, email: emailOf(issue.author.user) };
  return commitTree(git, tree, [base], {
    message: `${wish.title ?? `${subject} (#${number})`}\n\n${wish.message ?? list}`.trimEnd(),
    author,
    at,
  });
}

/** Merges as `PUT …/merge` does; answers the new commit. Runs in the repository's turn. */
export async function mergePull(world: World, repository: Repository, issue: PullIssue, by: Author, wish: MergeWish): Promise<string> {
  const base = await refuseUnlessMergeable(repository, issue, by, wish);
  const sha = await mergeCommit(world, repository, issue, base, by, wish);
  await merged(world, repository, issue, by, sha);
  return sha;
}

/** The base branch moves to this commit, and the pull request is merged. */
export async function merged(world: World, repository: Repository, issue: PullIssue, by: Author, sha: string): Promise<void> {
  const { pull } = issue;
  delete pull.queued;
  Object.assign(pull, { mergeSha: sha, mergedAt: nowIso(world), mergedBy: by.user });
  issue.state = "closed";
  issue.closedBy = by.user;
  record(world, issue, "merged", by, { commitSha: sha });
  record(world, issue, "closed", by);
  issue.closedAt = issue.updatedAt;
  await announceIssue(world, repository, issue, "closed", by);
  await changeRefs(world, repository, by, { [`refs/heads/${pull.baseBranch}`]: sha });
  if (pull.baseBranch === repository.defaultBranch) {
    await closePromised(world, repository, by, issue.body ?? "");
  }
  if (repository.deleteBranchOnMerge) {
    record(world, issue, "head_ref_deleted", by);
    await changeRefs(world, repository, by, { [`refs/heads/${pull.headBranch}`]: null });
  }
}
