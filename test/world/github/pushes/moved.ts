import { readCommit } from "../git/commit.ts";
import { commitsSince, isAncestor } from "../git/compare.ts";
import { updateRefs } from "../git/store.ts";
import { record } from "../issues/acts.ts";
import { closePromised } from "../issues/closing-words.ts";
import { closeIssue } from "../issues/issue.ts";
import { tendSoon } from "../pulls/merge-queue.ts";
import { headMoved, openPulls } from "../pulls/open.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import { announce } from "../webhooks/announce.ts";
import { nowIso, type World } from "../world.ts";
import { recordActivity } from "./activity.ts";
import { pushPayload } from "./payload.ts";

async function branchMoved(
  world: World,
  repository: Repository,
  by: Author,
  branch: string,
  before: string | undefined,
  after: string | undefined,
): Promise<void> {
  repository.lastPushers.set(branch, by.user);
  await recordActivity(world, repository, by, branch, before, after);
  if (branch === repository.defaultBranch && before && after) {
    for (const sha of await commitsSince(repository.git, before, after))
      await closePromised(world, repository, by, (await readCommit(repository.git, sha)).message, sha);
  }
  for (const issue of openPulls(repository)) {
    if (issue.pull.headBranch !== branch) continue;
    if (!after) {
      record(world, issue, "head_ref_deleted", by);
      await closeIssue(world, repository, issue, by);
    } else if (issue.pull.headSha !== after) {
      const forced = before !== undefined && !(await isAncestor(repository.git, before, after));
      await headMoved(world, repository, issue, before ?? issue.pull.headSha, after, by, forced);
    }
  }
  tendSoon(world, repository);
}

function tellRef(world: World, repository: Repository, by: Author, ref: string, event: "create" | "delete"): void {
  const kind = ref.startsWith("refs/tags/") ? "tag" : "branch";
  const payload = {
    ref: ref.replace(/^refs\/(heads|tags)\//, ""),
    ref_type: kind,
    pusher_type: "user",
    ...(event === "create" ? { master_branch: repository.defaultBranch, description: null } : {}),
  };
  announce(world, repository, { event, by, payload });
}

/** Refs are not where they were: tells of pushes and moves the pull requests that hang on them. */
export async function refsMoved(
  world: World,
  repository: Repository,
  by: Author,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Promise<void> {
  const moved = [...new Set([...before.keys(), ...after.keys()])].filter(
    (ref) => /^refs\/(heads|tags)\//.test(ref) && before.get(ref) !== after.get(ref),
  );
  const { refs } = repository.git;
  for (const ref of moved) {
    const sha = after.get(ref);
    if (sha) refs.set(ref, sha);
    else refs.delete(ref);
  }
  for (const ref of moved) {
    const [was, is] = [before.get(ref), after.get(ref)];
    repository.pushedAt = nowIso(world);
    if (!was) tellRef(world, repository, by, ref, "create");
    if (!is) tellRef(world, repository, by, ref, "delete");
    const payload = await pushPayload(world, repository, by.user, ref, was, is);
    announce(world, repository, { event: "push", by, payload, ref, ...(is ? { sha: is } : { startsNothing: true }) });
    if (ref.startsWith("refs/heads/")) await branchMoved(world, repository, by, ref.slice("refs/heads/".length), was, is);
  }
}

/** Sets refs and tells of it; `null` deletes. */
export async function changeRefs(
  world: World,
  repository: Repository,
  by: Author,
  changes: Readonly<Record<string, string | null>>,
): Promise<void> {
  const before = new Map(repository.git.refs);
  await updateRefs(repository.git, changes);
  await refsMoved(world, repository, by, before, new Map(repository.git.refs));
}
