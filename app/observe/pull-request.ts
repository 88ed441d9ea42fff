import type { Subject } from "../domain/ids.ts";
import { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import { isWayBack, REVIEW_LABEL } from "../domain/peoples.ts";
import type { Policy } from "../domain/policy.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { sameLabel } from "../domain/text.ts";
import { observeChecks } from "./checks.ts";
import { observeGateFacts, plainly } from "./gate-facts.ts";
import type { Reader } from "./github.ts";
import { observeLabelling } from "./issue.ts";
import { observeQueueEntry } from "./merge-queue.ts";
import { observeReviewCheck } from "./review-check.ts";

/** Our own accounts: user ids, and the App's id. */
export interface Identities {
  readonly rig: number;
  readonly rigAppId: number;
  readonly review?: number;
}

export interface Standing {
  readonly issue: Issue;
  readonly policy: Policy;
  readonly defaultBranch: { readonly name: string; readonly sha: string };
  readonly identities: Identities;
}

/** The pull request of the issue's branch, or a person's own, with all that a verdict over its head needs. */
export async function observePullRequest(
  reader: Reader,
  subject: Pick<Subject, "kind" | "number">,
  { issue, policy, defaultBranch, identities }: Standing,
): Promise<SeenPullRequest | undefined> {
  const { octokit, owner, repo } = reader;
  const ours = [identities.rig, ...(identities.review ? [identities.review] : [])];
  const own = subject.kind === "pull_request";
  const branch = (issue.assignment ?? issue.setAside)?.branch;
  const number = issue.pullRequest?.number ?? (own ? subject.number : branch ? await ofBranch(reader, branch, ours) : undefined);
  if (!number) return undefined;
  const { data: pr } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  // An agent's pull request belongs to its issue.
  if (own && ours.includes(pr.user.id) && !isWayBack(pr.head.ref)) return undefined;
  if (pr.merged) {
    const mergeSha = pr.merge_commit_sha ? { mergeSha: Sha.parse(pr.merge_commit_sha) } : {};
    return { ...plainly(pr), ...mergeSha, mergedBy: pr.merged_by?.login ?? "unknown" };
  }
  if (pr.state === "closed") return { ...plainly(pr), closedBy: await closerOf(reader, number) };
  const [facts, checks, byCheck, queue, reviewLabel] = await Promise.all([
    observeGateFacts(reader, pr, { defaultBranch, spoken: issue.spoken, approvers: approversIn(policy) }),
    observeChecks(reader, pr.head.sha, pr.base.ref, [identities.rigAppId]),
    // Where Review-E has no App of its own, its check is its word: GitHub takes its review of people's pull requests, and not of its own.
    identities.review || own ? [] : observeReviewCheck(reader, pr.head.sha, { id: identities.rig, appId: identities.rigAppId }),
    observeQueueEntry(reader, { number, base: pr.base.ref }),
    own && issue.review?.headSha !== pr.head.sha && pr.labels.some(({ name }) => sameLabel(name, REVIEW_LABEL))
      ? observeLabelling(reader, number, REVIEW_LABEL)
      : undefined,
  ]);
  return {
    ...plainly(pr),
    ...{ ...facts, checks, reviews: [...facts.reviews, ...byCheck] },
    ...(reviewLabel ? { reviewLabel } : {}),
    ...(queue ? { queued: true } : {}),
    ...(queue?.group ? { mergeGroup: queue.group } : {}),
  };
}

/** Whom a repository's settings name for gates. */
export const approversIn = ({ gates }: Pick<Policy, "gates">): readonly string[] =>
  Object.values(gates).flatMap(({ approvers = [] }) => approvers);

/** Only a pull request that our own App opened from that branch counts. */
async function ofBranch({ octokit, owner, repo }: Reader, branch: string, ours: readonly number[]): Promise<number | undefined> {
  const { data } = await octokit.rest.pulls.list({ owner, repo, head: `${owner}:${branch}`, state: "all", per_page: 10 });
  return data.find(({ user }) => user && ours.includes(user.id))?.number;
}

async function closerOf({ octokit, owner, repo }: Reader, issue_number: number): Promise<string> {
  const { data } = await octokit.rest.issues.get({ owner, repo, issue_number });
  return data.closed_by?.login ?? "unknown";
}
