/** Merges in the background: accepted at once, judged by the rules later, and asked after by their uuid for 24 hours. */
import { inTurn } from "../git/store.ts";
import { Refusal } from "../http/refusal.ts";
import { bypassOf, enforced } from "../repositories/ruleset.ts";
import type { PullIssue } from "../shapes/pull.ts";
import type { BackgroundMerge, Pull } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { mergePull } from "./merge.ts";
import { enqueue } from "./merge-queue.ts";

const KEPT_MS = 24 * 3_600_000;

type Work = () => Promise<void>;
/** Where merges in the background wait until they are let go. */
const held = new WeakMap<World, Work[]>();

/** From now on nothing is merged in the background; the answer lets it go on. */
export function holdMerges(world: World): () => Promise<void> {
  const waiting: Work[] = [];
  held.set(world, waiting);
  return async () => {
    held.delete(world);
    for (const work of waiting) await work();
  };
}

export interface BackgroundWish extends Pick<BackgroundMerge, "by" | "method" | "action" | "expectedHeadSha"> {
  readonly title?: string;
  readonly message?: string;
}

/** The one that is still under way. */
export const underWay = ({ background = [] }: Pull): BackgroundMerge | undefined => background.find(({ result }) => !result);

export const backgroundMerge = (world: World, { background = [] }: Pull, uuid: string): BackgroundMerge | undefined =>
  background.find((one) => one.uuid === uuid && world.now().getTime() - one.updatedAt.getTime() < KEPT_MS);

export function mergeLater(
  world: World,
  repository: Repository,
  issue: PullIssue,
  { title, message, ...wish }: BackgroundWish,
): BackgroundMerge {
  const asked: BackgroundMerge = { uuid: crypto.randomUUID(), ...wish, updatedAt: world.now() };
  issue.pull.background = [...(issue.pull.background ?? []), asked];
  const work = () =>
    inTurn(repository.git, async () => {
      asked.result = await resultOf(world, repository, issue, {
        ...wish,
        ...(title ? { title } : {}),
        ...(message === undefined ? {} : { message }),
      });
      asked.updatedAt = world.now();
    });
  const waiting = held.get(world);
  if (waiting) waiting.push(work);
  else setImmediate(() => void work().catch((error: unknown) => misdone(world, error)));
  return asked;
}

const misdone = (world: World, error: unknown) =>
  void world.violations.push({
    side: "response",
    operation: "a merge in the background",
    path: "",
    errors: [String(error)],
    content: undefined,
  });

async function resultOf(
  world: World,
  repository: Repository,
  issue: PullIssue,
  wish: BackgroundWish,
): Promise<NonNullable<BackgroundMerge["result"]>> {
  const { by, method, action, expectedHeadSha, ...words } = wish;
  const queues = enforced(repository).mergeQueue !== undefined && issue.pull.baseBranch === repository.defaultBranch;
  try {
    if (issue.pull.headSha !== expectedHeadSha) throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
    if (action === "merge_queue" || (action === "default" && queues && bypassOf(repository, by) === "never")) {
      await enqueue(world, repository, issue, by);
      return { status: "enqueued", message: "Pull request is in the merge queue." };
    }
    const chosen = method === "default" ? "merge" : method;
    const sha = await mergePull(world, repository, issue, by, { method: chosen, sha: expectedHeadSha, ...words });
    return { status: "merged", message: "Pull request was merged.", sha };
  } catch (error) {
    if (error instanceof Refusal) return { status: "failed", message: error.message };
    throw error;
  }
}
