import type { CommandData } from "../../domain/commands.ts";
import { Sha } from "../../domain/ids.ts";
import type { MergeOutcome } from "../../domain/merge-outcome.ts";
import { orNothing } from "../../observe/github.ts";
import { type Hands, repositoryOf } from "../executor.ts";
import { refused } from "./refusal.ts";

/** What every part of a merge needs: what is asked, and of what. */
export interface Wish extends CommandData<"MERGE"> {
  readonly hands: Hands;
}

export const pullOf = ({ prNumber, hands }: Wish) => ({ ...repositoryOf(hands.subject), pull_number: prNumber });

export type PullRequest = Awaited<ReturnType<Hands["octokit"]["rest"]["pulls"]["get"]>>["data"];

export const readPull = async (wish: Wish): Promise<PullRequest | undefined> =>
  (await orNothing(wish.hands.octokit.rest.pulls.get(pullOf(wish))))?.data;

/** What the pull request itself tells, whatever an answer said: `merged_at` is the only proof of a merge. Undefined: this head can still be merged. */
export function settledBy(pr: PullRequest | undefined, headSha: Sha): MergeOutcome | undefined {
  if (!pr) return refused("gone", "The pull request is not there any more.");
  if (pr.merged_at) return { outcome: "merged", mergeSha: Sha.parse(pr.merge_commit_sha) };
  if (pr.state === "closed") return refused("gone", "The pull request is closed.");
  if (pr.head.sha !== headSha) return refused("head_moved", "The head branch was modified after this merge was decided.");
  return undefined;
}

/** Why a pull request cannot be merged that GitHub calls "not mergeable". */
export function notMergeable(pr: PullRequest, because: string): MergeOutcome {
  if (pr.mergeable === false || pr.mergeable_state === "dirty")
    return refused("conflict", "The branch has conflicts that must be resolved.");
  if (pr.draft) return refused("draft", "The pull request is still a draft.");
  return refused("rules", because);
}
