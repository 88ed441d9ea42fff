import { MergeOutcome } from "../domain/merge-outcome.ts";
import { mergeQueueOf } from "../observe/branch-rules.ts";
import type { Done, Executor } from "./executor.ts";
import { repositoryOf } from "./executor.ts";
import { follow, mergeInBackground, type Patience } from "./merge/asynchronous.ts";
import { type No, noOf, readingOf, refused } from "./merge/refusal.ts";
import { notMergeable, type PullRequest, pullOf, readPull, settledBy, type Wish } from "./merge/standing.ts";
import { PutOff } from "./put-off.ts";

const BUSY_MS = 2_000;
const NEEDS_QUEUE = /changes must be made through the merge queue/i;
const NEEDS_BACKGROUND = /\bmerge[d ]?\S* asynchronously|\bmerge-async\b|\basynchronous merge/i;

/**
 * R15: merges exactly this head. The pull request is read first, because an earlier try may have merged it and because
 * its branch says which way leads in. Every no is an answer with a kind; only what nobody knows is thrown.
 */
export const mergeWith =
  (patience: Patience): Executor<"MERGE"> =>
  async (data, hands) => {
    const wish: Wish = { ...data, hands };
    const before = MergeOutcome.safeParse(hands.attempt.remembered).data;
    if (before?.outcome === "pending") return done(await follow(wish, before.uuid, judgeOf(wish), patience));
    const pr = await readPull(wish);
    const settled = settledBy(pr, data.headSha);
    if (!pr || settled) return done(settled ?? refused("gone", "The pull request is not there any more."));
    const queue = await mergeQueueOf({ octokit: hands.octokit, ...repositoryOf(hands.subject) }, pr.base.ref);
    if (queue) return done(await inQueue({ ...wish, method: queue.method ?? data.method }, patience));
    return done(await directly(wish, pr, patience));
  };

export const merge = mergeWith({ polls: 5, pollMs: 2_000 });

const done = (outcome: MergeOutcome): Done => ({
  response: { ...outcome, ...(outcome.outcome === "refused" ? { refused: outcome.because } : {}) },
});

const inQueue = (wish: Wish, patience: Patience) => mergeInBackground(wish, "merge_queue", judgeOf(wish), patience);

async function directly(wish: Wish, pr: PullRequest, patience: Patience): Promise<MergeOutcome> {
  const { hands, headSha, method } = wish;
  try {
    const { data } = await hands.octokit.rest.pulls.merge({ ...pullOf(wish), sha: headSha, merge_method: method });
    return MergeOutcome.parse({ outcome: "merged", mergeSha: data.sha });
  } catch (error) {
    const no = noOf(error);
    if (!no) throw error;
    if (no.status === 405 && NEEDS_QUEUE.test(no.message)) return inQueue(wish, patience);
    if (no.status === 405 && NEEDS_BACKGROUND.test(no.message)) {
      if (await standsOnAnother(wish, pr))
        return refused("rules", "It stands on another open pull request, which would be merged with it.");
      return mergeInBackground(wish, "direct_merge", judgeOf(wish), patience);
    }
    return judge(wish, no);
  }
}

/** GitHub merges a stack with all that it stands on; the verdict was over this pull request alone. */
async function standsOnAnother({ hands }: Wish, { base }: PullRequest): Promise<boolean> {
  const at = repositoryOf(hands.subject);
  const { data } = await hands.octokit.rest.pulls.list({ ...at, head: `${at.owner}:${base.ref}`, state: "open", per_page: 1 });
  return data.length > 0;
}

/** A merge in the background fails with words alone; they are those of 405. */
const judgeOf =
  (wish: Wish) =>
  (message: string): Promise<MergeOutcome> =>
    judge(wish, { status: 405, message });

async function judge(wish: Wish, no: No): Promise<MergeOutcome> {
  const reading = readingOf(no);
  if (reading === "busy") throw new PutOff("GitHub is merging it at this moment.", BUSY_MS, 504);
  if (reading !== "ask") return refused(reading, no.message);
  const pr = await readPull(wish);
  return settledBy(pr, wish.headSha) ?? (pr ? notMergeable(pr, no.message) : refused("gone", no.message));
}
