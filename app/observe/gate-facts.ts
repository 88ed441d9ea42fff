import { PrNumber, Sha } from "../domain/ids.ts";
import type { SpokenReview } from "../domain/issue-parts.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { observeChanges } from "./changes.ts";
import type { Octokit, Reader } from "./github.ts";
import { observeMakers } from "./makers.ts";
import type { Kept } from "./memory.ts";
import { observeOwners, observeTeams } from "./owners.ts";
import { observeReviews, observeSpoken } from "./reviews.ts";
import { observeSiblings } from "./siblings.ts";

export type PullRequestData = Awaited<ReturnType<Octokit["rest"]["pulls"]["get"]>>["data"];

export interface Context {
  /** Whose CODEOWNERS counts: the default branch's, at this commit (R14). */
  readonly defaultBranch: { readonly name: string; readonly sha: string };
  /** Whom the repository's settings name for gates, besides CODEOWNERS. */
  readonly approvers: readonly string[];
  /** What people said as commands. */
  readonly spoken: Promise<readonly SpokenReview[]> | readonly SpokenReview[];
}

export type SeenGateFacts = Pick<
  SeenPullRequest,
  | "headSha"
  | "changes"
  | "owners"
  | "reviews"
  | "teams"
  | "madeBy"
  | "makersUnknown"
  | "pushedBy"
  | "firstCommitAt"
  | "siblings"
  | "treeSha"
>;

/** Everything that the gates of a head stand on. What cannot change is read once for each head. */
export async function observeGateFacts(reader: Reader, pr: PullRequestData, context: Context): Promise<SeenGateFacts> {
  const { owner, repo } = reader;
  const headSha = Sha.parse(pr.head.sha);
  const { number } = pr;
  const recall = <T>(what: string, read: () => Promise<T>, kept?: Kept<T>) => reader.memory.recall(`${owner}/${repo}:${what}`, read, kept);
  const { defaultBranch } = context;
  const [onGitHub, spoken, changes, owners, makers, siblings] = await Promise.all([
    observeReviews(reader, number),
    Promise.resolve(context.spoken).then((said) => observeSpoken(reader, said)),
    recall(`changes:${number}:${headSha}:${pr.base.sha}`, () => observeChanges(reader, pr), {
      worth: ({ complete }) => complete,
      size: charactersOf,
    }),
    recall(`owners:${defaultBranch.sha}`, () => observeOwners(reader, defaultBranch.sha)),
    recall(`makers:${number}:${headSha}:${pr.base.ref}:${pr.base.sha}`, () => observeMakers(reader, pr), {
      worth: ({ unknown }) => unknown === undefined,
    }),
    observeSiblings(reader, { number, headSha, defaultBranch: defaultBranch.name }),
  ]);
  const reviews = [...onGitHub, ...spoken];
  const tree = makers.trees[headSha];
  const approving = reviews.filter(({ byType, state }) => byType === "User" && state === "APPROVED").map(({ by }) => by);
  const named = [owners.text, ...context.approvers].join(" ");
  return {
    ...{ headSha, reviews, changes, owners, siblings, madeBy: makers.madeBy },
    teams: approving.length > 0 ? await observeTeams(reader, named, approving) : {},
    ...(makers.unknown ? { makersUnknown: makers.unknown } : {}),
    ...(makers.pushedBy ? { pushedBy: makers.pushedBy } : {}),
    ...(makers.firstCommitAt ? { firstCommitAt: makers.firstCommitAt } : {}),
    ...(tree ? { treeSha: tree } : {}),
  };
}

/** The texts of both sides are held once more as lines. */
const charactersOf = ({ files }: SeenPullRequest["changes"]): number =>
  files.reduce((sum, { base = "", head = "" }) => sum + 2 * (base.length + head.length), 0);

/** What GitHub's own answer says of a pull request, with nothing that a judgement needs. */
export const plainly = (pr: PullRequestData): SeenPullRequest => ({
  number: PrNumber.parse(pr.number),
  url: pr.html_url,
  title: pr.title,
  labels: pr.labels.map(({ name }) => name),
  branch: pr.head.ref,
  state: pr.merged ? "merged" : pr.state,
  draft: pr.draft ?? false,
  headSha: Sha.parse(pr.head.sha),
  base: { name: pr.base.ref, sha: pr.base.sha },
  author: { login: pr.user.login, id: pr.user.id, ...(pr.user.type === "User" ? {} : { bot: true }) },
  // A fork that is gone shows no repository at all.
  ...(pr.head.repo?.id === pr.base.repo.id ? {} : { fork: true }),
  body: pr.body ?? "",
  mergeable: pr.mergeable,
  mergeableState: pr.mergeable_state,
  ...{ reviews: [], teams: {}, madeBy: [], siblings: [] },
  checks: { state: "pending", names: [], failed: [] },
  changes: { complete: false, files: [] },
  owners: { errors: [] },
});
