import { mayDo } from "../auth/authorize.ts";
import type { Identity } from "../auth/identity.ts";
import { queueOf } from "../pulls/merge-queue.ts";
import { nodeId } from "../shapes/node-id.ts";
import { isPull, type PullIssue } from "../shapes/pull.ts";
import { htmlOf } from "../shapes/repository.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { refusal } from "./errors.ts";

const reads = { app: { pull_requests: "read" }, person: "read" } as const;
const readsQueue = { app: { merge_queues: "read" }, person: "read" } as const;

function showEntry(repository: Repository, issue: PullIssue) {
  const { queued } = issue.pull;
  if (!queued) return null;
  const { group } = queued;
  return {
    __typename: "MergeQueueEntry",
    id: nodeId("MergeQueueEntry", queued.id),
    enqueuedAt: queued.at,
    position: queueOf(repository).indexOf(issue) + 1,
    state: group ? "AWAITING_CHECKS" : "QUEUED",
    headCommit: group ? { __typename: "Commit", oid: group.headSha } : null,
    baseCommit: group ? { __typename: "Commit", oid: group.baseSha } : null,
  };
}

/** A pull request as far as GraphQL is served here. */
export function showPullNode(world: World, identity: Identity, repository: Repository, number: number) {
  if (!mayDo(identity, repository, reads)) throw refusal("FORBIDDEN", "Resource not accessible by integration");
  const issue = repository.issues.get(number);
  if (!isPull(issue)) throw refusal("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${number}.`);
  const { pull } = issue;
  return {
    __typename: "PullRequest",
    id: nodeId("PullRequest", pull.id),
    number,
    title: issue.title,
    url: `${htmlOf(world, repository)}/pull/${number}`,
    state: pull.mergedAt ? "MERGED" : issue.state.toUpperCase(),
    merged: pull.mergedAt !== undefined,
    isDraft: pull.draft,
    baseRefName: pull.baseBranch,
    headRefName: pull.headBranch,
    headRefOid: pull.headSha,
    isInMergeQueue: pull.queued !== undefined,
    mergeQueueEntry: () => {
      if (!mayDo(identity, repository, readsQueue)) throw refusal("FORBIDDEN", "Resource not accessible by integration");
      return showEntry(repository, issue);
    },
  };
}
