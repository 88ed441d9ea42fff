/** GitHub's merge queue: tries each pull request out on top of those before it, on a branch of its own, and merges what its checks let pass. */
import { branchSha, inTurn } from "../git/store.ts";
import { Refusal } from "../http/refusal.ts";
import { record } from "../issues/acts.ts";
import { announceIssue } from "../issues/issue.ts";
import { changeRefs } from "../pushes/moved.ts";
import { enforced } from "../repositories/ruleset.ts";
import { showSimpleCommit } from "../shapes/commit.ts";
import { isPull, type PullIssue } from "../shapes/pull.ts";
import type { Author } from "../state/people.ts";
import type { QueueEntry } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nextId, nowIso, type World } from "../world.ts";
import { mergeCommit, merged, refuseByRules } from "./merge.ts";
import { checkState, missingForMerge } from "./rules.ts";

type Group = NonNullable<QueueEntry["group"]>;

/** Whose name is on what the queue does. */
const queueBot: Author = {
  user: { id: 118_344_674, login: "github-merge-queue[bot]", type: "Bot", createdAt: "2022-11-15T21:49:36Z" },
};

/** Who waits, in order. */
export const queueOf = (repository: Repository): PullIssue[] =>
  [...repository.issues.values()]
    .filter(isPull)
    .filter(({ pull }) => pull.queued)
    .sort((a, b) => idOf(a) - idOf(b));

const idOf = ({ pull }: PullIssue) => pull.queued?.id ?? 0;

/** Puts it at the end. The rules have to be met already, the queue's own excepted. */
export async function enqueue(world: World, repository: Repository, issue: PullIssue, by: Author): Promise<void> {
  const { pull } = issue;
  if (!enforced(repository).mergeQueue || pull.baseBranch !== repository.defaultBranch)
    throw new Refusal(405, `The branch ${pull.baseBranch} has no merge queue`);
  refuseByRules(await missingForMerge(repository, issue));
  pull.queued = { id: nextId(world, "queueEntry"), by, at: nowIso(world), headSha: pull.headSha };
  record(world, issue, "added_to_merge_queue", by);
  await announceIssue(world, repository, issue, "enqueued", by);
  tendSoon(world, repository);
}

/** Looks after the queue once the repository's turn is free: something happened that may move it. */
export function tendSoon(world: World, repository: Repository): void {
  if (queueOf(repository).length === 0) return;
  inTurn(repository.git, () => tend(world, repository)).catch((error: unknown) => {
    world.violations.push({ side: "response", operation: "the merge queue", path: "", errors: [String(error)], content: undefined });
  });
}

async function tend(world: World, repository: Repository): Promise<void> {
  while (await step(world, repository));
}

/** Does the next thing that is due; false where nothing is. */
async function step(world: World, repository: Repository): Promise<boolean> {
  const { mergeQueue } = enforced(repository);
  const waiting = queueOf(repository);
  for (const issue of waiting) {
    const { state, pull } = issue;
    if (!mergeQueue) return drop(world, repository, issue, "QUEUE_CLEARED");
    if (state === "closed" || pull.headSha !== pull.queued?.headSha) return drop(world, repository, issue, "MANUAL");
  }
  let base = branchSha(repository.git, repository.defaultBranch) ?? "";
  for (const issue of waiting.slice(0, mergeQueue?.entriesToBuild ?? 5)) {
    const group = issue.pull.queued?.group;
    if (group?.baseSha !== base) return build(world, repository, issue, base, group);
    base = group.headSha;
  }
  const [first] = waiting;
  const group = first?.pull.queued?.group;
  return first && group ? judge(world, repository, first, group) : false;
}

async function build(world: World, repository: Repository, issue: PullIssue, base: string, old: Group | undefined): Promise<boolean> {
  const { queued, baseBranch } = issue.pull;
  if (!queued) return false;
  if (old) await take(world, repository, queued, "invalidated");
  const method = enforced(repository).mergeQueue?.method ?? "merge";
  let headSha: string;
  try {
    headSha = await mergeCommit(world, repository, issue, base, queued.by, { method });
  } catch (error) {
    if (error instanceof Refusal) return drop(world, repository, issue, "MERGE_CONFLICT");
    throw error;
  }
  const ref = `refs/heads/gh-readonly-queue/${baseBranch}/pr-${issue.number}-${base}`;
  queued.group = { ref, headSha, baseSha: base };
  await changeRefs(world, repository, queueBot, { [ref]: headSha });
  await tell(world, repository, "checks_requested", queued.group);
  return true;
}

async function judge(world: World, repository: Repository, issue: PullIssue, group: Group): Promise<boolean> {
  const states = (enforced(repository).requiredChecks ?? []).map((name) => checkState(repository, group.headSha, name));
  if (states.includes("failed")) return drop(world, repository, issue, "CI_FAILURE");
  if (states.some((state) => state !== "passed")) return false;
  const { queued } = issue.pull;
  record(world, issue, "removed_from_merge_queue", queueBot);
  await announceIssue(world, repository, issue, "dequeued", queueBot, { reason: "MERGE" });
  await merged(world, repository, issue, queueBot, group.headSha);
  if (queued) await take(world, repository, queued, "merged");
  return true;
}

async function drop(world: World, repository: Repository, issue: PullIssue, reason: string): Promise<boolean> {
  const { queued } = issue.pull;
  delete issue.pull.queued;
  record(world, issue, "removed_from_merge_queue", queueBot);
  await announceIssue(world, repository, issue, "dequeued", queueBot, { reason });
  if (queued) await take(world, repository, queued, "dequeued");
  return true;
}

/** The commit that it was tried out on is not needed any more. */
async function take(world: World, repository: Repository, queued: QueueEntry, reason: string): Promise<void> {
  const { group } = queued;
  if (!group) return;
  delete queued.group;
  await tell(world, repository, "destroyed", group, reason);
  await changeRefs(world, repository, queueBot, { [group.ref]: null });
}

async function tell(world: World, repository: Repository, action: string, group: Group, reason?: string): Promise<void> {
  const merge_group = {
    head_sha: group.headSha,
    head_ref: group.ref,
    base_sha: group.baseSha,
    base_ref: `refs/heads/${repository.defaultBranch}`,
    head_commit: await showSimpleCommit(repository, group.headSha),
  };
  const payload = { merge_group, ...(reason ? { reason } : {}) };
  announce(world, repository, { event: "merge_group", action, by: queueBot, payload, ref: group.ref, sha: group.headSha });
}
