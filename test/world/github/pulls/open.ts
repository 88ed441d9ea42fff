import { commitsSince } from "../git/compare.ts";
import { branchSha } from "../git/store.ts";
import { Refusal } from "../http/refusal.ts";
import { record } from "../issues/acts.ts";
import { announceIssue, crossReference, newIssue } from "../issues/issue.ts";
import { enforced } from "../repositories/ruleset.ts";
import { isPull, type PullIssue } from "../shapes/pull.ts";
import type { Author } from "../state/people.ts";
import type { Pull } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import { nextId, type World } from "../world.ts";
import { testMerge } from "./mergeability.ts";

export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

const refuse = (details: Record<string, string>) => new Refusal(422, "Validation Failed", [{ resource: "PullRequest", ...details }]);

export const openPulls = (repository: Repository): PullIssue[] =>
  [...repository.issues.values()].filter(isPull).filter(({ state }) => state === "open");

export async function openPull(world: World, repository: Repository, author: Author, wanted: NewPull): Promise<PullIssue> {
  const { git, owner } = repository;
  const headBranch = wanted.head.replace(new RegExp(`^${owner.login}:`, "i"), "");
  const [headSha, baseSha] = [branchSha(git, headBranch), branchSha(git, wanted.base)];
  if (!headSha) throw refuse({ field: "head", code: "invalid" });
  if (!baseSha) throw refuse({ field: "base", code: "invalid" });
  if (!(await commitsSince(git, baseSha, headSha)).length)
    throw refuse({ code: "custom", message: `No commits between ${wanted.base} and ${headBranch}` });
  if (openPulls(repository).some(({ pull }) => pull.headBranch === headBranch && pull.baseBranch === wanted.base)) {
    throw refuse({ code: "custom", message: `A pull request already exists for ${owner.login}:${headBranch}.` });
  }
  const pull: Pull = {
    id: nextId(world, "pull"),
    headBranch,
    headSha,
    baseBranch: wanted.base,
    baseSha,
    draft: wanted.draft,
    lastPusher: repository.lastPushers.get(headBranch) ?? author.user,
    reviews: [],
    reviewComments: [],
    requestedReviewers: [],
  };
  const issue = Object.assign(newIssue(world, repository, author, wanted.title, wanted.body), { pull });
  repository.issues.set(issue.number, issue);
  await testMerge(world, repository, issue);
  crossReference(world, repository, issue, wanted.body, author);
  await announceIssue(world, repository, issue, "opened", author);
  return issue;
}

/** The head branch has new commits. */
export async function headMoved(
  world: World,
  repository: Repository,
  issue: PullIssue,
  before: string,
  after: string,
  by: Author,
  forced: boolean,
): Promise<void> {
  const { pull } = issue;
  pull.headSha = after;
  pull.baseSha = branchSha(repository.git, pull.baseBranch) ?? pull.baseSha;
  pull.lastPusher = by.user;
  if (forced) record(world, issue, "head_ref_force_pushed", by, { commitSha: after });
  if (enforced(repository).dismissStaleReviews && pull.baseBranch === repository.defaultBranch) {
    for (const review of pull.reviews) if (review.state === "APPROVED") review.state = "DISMISSED";
  }
  issue.updatedAt = repository.pushedAt;
  await testMerge(world, repository, issue);
  await announceIssue(world, repository, issue, "synchronize", by, { before, after });
}

export async function changeBase(world: World, repository: Repository, issue: PullIssue, by: Author, branch: string): Promise<void> {
  const { pull } = issue;
  const sha = branchSha(repository.git, branch);
  if (!sha) throw refuse({ field: "base", code: "invalid" });
  if (branch === pull.baseBranch) return;
  const changes = { base: { ref: { from: pull.baseBranch }, sha: { from: pull.baseSha } } };
  Object.assign(pull, { baseBranch: branch, baseSha: sha });
  record(world, issue, "base_ref_changed", by);
  await testMerge(world, repository, issue);
  await announceIssue(world, repository, issue, "edited", by, { changes });
}
