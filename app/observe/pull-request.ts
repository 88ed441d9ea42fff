import { PrNumber, Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { observeChanges } from "./changes.ts";
import { observeChecks } from "./checks.ts";
import type { Reader } from "./github.ts";
import { observeOwners, observeTeams } from "./owners.ts";
import { observeReviewCheck } from "./review-check.ts";
import { observeReviews, observeSpoken } from "./reviews.ts";

/** Our own accounts: user ids, and the App's id. */
export interface Identities {
  readonly rig: number;
  readonly rigAppId: number;
  readonly review?: number;
}

/** The pull request of the issue's branch, with all that a verdict over its head needs. */
export async function observePullRequest(
  reader: Reader,
  issue: Issue,
  base: { readonly name: string; readonly sha: string },
  identities: Identities,
): Promise<SeenPullRequest | undefined> {
  const ours = [identities.rig, ...(identities.review ? [identities.review] : [])];
  const branch = (issue.assignment ?? issue.setAside)?.branch;
  const number = issue.pullRequest?.number ?? (branch ? await ofBranch(reader, branch, ours) : undefined);
  if (!number) return undefined;
  const { octokit, owner, repo } = reader;
  const { data: pr } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  const headSha = Sha.parse(pr.head.sha);
  const plain = {
    number: PrNumber.parse(pr.number),
    url: pr.html_url,
    branch: pr.head.ref,
    state: pr.merged ? ("merged" as const) : pr.state,
    draft: pr.draft ?? false,
    headSha,
    body: pr.body ?? "",
    mergeable: pr.mergeable,
    mergeableState: pr.mergeable_state,
  };
  if (pr.merged)
    return {
      ...plain,
      ...nothingToJudge,
      ...(pr.merge_commit_sha ? { mergeSha: Sha.parse(pr.merge_commit_sha) } : {}),
      mergedBy: pr.merged_by?.login ?? "unknown",
    };
  if (pr.state === "closed") return { ...plain, ...nothingToJudge, closedBy: await closerOf(reader, number) };

  const recall = <T>(what: string, read: () => Promise<T>, worth?: (answer: T) => boolean) =>
    reader.memory.recall(`${owner}/${repo}:${what}`, read, worth);
  const [checks, onGitHub, byCheck, spoken, changes, owners, commits] = await Promise.all([
    observeChecks(reader, headSha, pr.base.ref, [identities.rigAppId]),
    observeReviews(reader, number),
    identities.review ? [] : observeReviewCheck(reader, headSha, { id: identities.rig, appId: identities.rigAppId }),
    observeSpoken(reader, issue.spoken),
    recall(
      `changes:${number}:${headSha}:${pr.base.sha}`,
      () => observeChanges(reader, number, pr.changed_files),
      ({ complete }) => complete,
    ),
    recall(`owners:${base.sha}`, () => observeOwners(reader, base.sha)),
    recall(`commits:${number}:${headSha}`, () => commitsOf(reader, number)),
  ]);
  const reviews = [...onGitHub, ...byCheck, ...spoken];
  const madeBy = [...new Set([pr.user.login.toLowerCase(), ...commits.madeBy])];
  const tree = commits.trees[headSha];
  const approvers = reviews.filter(({ byType, state }) => byType === "User" && state === "APPROVED").map(({ by }) => by);
  const teams = approvers.length > 0 ? await observeTeams(reader, owners.text, approvers) : {};
  return { ...plain, checks, reviews, changes, owners, teams, madeBy, ...(tree ? { treeSha: tree } : {}) };
}

const nothingToJudge: Pick<SeenPullRequest, "checks" | "reviews" | "changes" | "owners" | "teams" | "madeBy"> = {
  checks: { state: "pending", names: [], failed: [] },
  reviews: [],
  changes: { complete: false, files: [] },
  owners: { faulty: false },
  teams: {},
  madeBy: [],
};

/** Only a pull request that our own App opened from that branch counts. */
async function ofBranch({ octokit, owner, repo }: Reader, branch: string, ours: readonly number[]): Promise<number | undefined> {
  const { data } = await octokit.rest.pulls.list({ owner, repo, head: `${owner}:${branch}`, state: "all", per_page: 10 });
  return data.find(({ user }) => user && ours.includes(user.id))?.number;
}

interface Commits {
  /** R12: every commit's author and committer, in lower case. */
  readonly madeBy: readonly string[];
  /** What each commit contains. */
  readonly trees: Readonly<Record<string, Sha>>;
}

async function commitsOf({ octokit, owner, repo }: Reader, pull_number: number): Promise<Commits> {
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, { owner, repo, pull_number, per_page: 100 });
  const logins = commits.flatMap((commit) => [loginOf(commit.author), loginOf(commit.committer)]);
  return {
    madeBy: logins.filter((login) => login !== undefined).map((login) => login.toLowerCase()),
    trees: Object.fromEntries(commits.map(({ sha, commit }) => [sha, Sha.parse(commit.tree.sha)])),
  };
}

const loginOf = (account: unknown): string | undefined =>
  typeof account === "object" && account !== null && "login" in account && typeof account.login === "string" ? account.login : undefined;

async function closerOf({ octokit, owner, repo }: Reader, issue_number: number): Promise<string> {
  const { data } = await octokit.rest.issues.get({ owner, repo, issue_number });
  return data.closed_by?.login ?? "unknown";
}
