/** Merging in the background: the only way through a merge queue. https://docs.github.com/rest/pulls/pulls#merge-a-pull-request-asynchronously */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { MergeOutcome } from "../../domain/merge-outcome.ts";
import { statusOf } from "../../observe/github.ts";
import { PutOff } from "../put-off.ts";
import { noOf, type Refused, refused } from "./refusal.ts";
import { pullOf, readPull, settledBy, type Wish } from "./standing.ts";

/** How often, within one attempt, a merge in the background is asked after. */
export interface Patience {
  readonly polls: number;
  readonly pollMs: number;
}

const AGAIN_MS = 15_000;
const SOON_MS = 1_000;

const message = z.string();
const Result = z.discriminatedUnion("status", [
  z.object({ status: z.literal("pending"), details: z.object({ message, uuid: z.string(), expected_head_sha: z.string() }) }),
  z.object({ status: z.literal("merged"), details: z.object({ message }) }),
  z.object({ status: z.literal("enqueued"), details: z.object({ message }) }),
  z.object({ status: z.literal("failed"), details: z.object({ message }) }),
]);
type Result = z.infer<typeof Result>;

const ROUTE = "/repos/{owner}/{repo}/pulls/{pull_number}/merge-async";

/** `default` would let a token that passes the rules by pass the queue by. */
type Action = "merge_queue" | "direct_merge";
type Judge = (message: string) => Promise<MergeOutcome>;

/** Asks for it, remembers under which number GitHub does it, and waits for a while. */
export async function mergeInBackground(wish: Wish, action: Action, judge: Judge, patience: Patience): Promise<MergeOutcome> {
  const asked = await ask(wish, action);
  if ("outcome" in asked) return asked;
  if (asked.status !== "pending") return conclude(wish, asked, judge);
  const { uuid, expected_head_sha } = asked.details;
  if (expected_head_sha !== wish.headSha)
    return refused("head_moved", `GitHub is already merging another head of it: ${expected_head_sha.slice(0, 7)}.`);
  await wish.hands.remember({ outcome: "pending", uuid });
  return follow(wish, uuid, judge, patience);
}

/** What became of a merge that was asked for before. */
export async function follow(wish: Wish, uuid: string, judge: Judge, { polls, pollMs }: Patience): Promise<MergeOutcome> {
  for (let poll = 0; poll < polls; poll += 1) {
    if (poll > 0) await wait(pollMs);
    const result = await resultOf(wish, uuid);
    if (!result) return expired(wish);
    if (result.status !== "pending") return conclude(wish, result, judge);
  }
  throw new PutOff("GitHub is still merging in the background.", AGAIN_MS, 504);
}

async function ask(wish: Wish, action: Action): Promise<Result | Refused> {
  const { hands, headSha, method } = wish;
  try {
    const options = { ...pullOf(wish), sha: headSha, merge_method: method, merge_action: action };
    return Result.parse((await hands.octokit.request(`PUT ${ROUTE}`, options)).data);
  } catch (error) {
    // 400 says that it failed, 409 that somebody asked before: the answer says what there is.
    const said = Result.safeParse((error as { readonly response?: { readonly data?: unknown } }).response?.data);
    if (said.success && (statusOf(error) === 400 || statusOf(error) === 409)) return said.data;
    const no = noOf(error);
    if (!no) throw error;
    if (no.status === 404) return refused("invalid", "This GitHub does not merge in the background: a person has to.");
    if (no.status === 403) return refused("forbidden", no.message);
    return refused(no.status === 409 ? "head_moved" : "invalid", no.message);
  }
}

async function resultOf(wish: Wish, uuid: string): Promise<Result | undefined> {
  try {
    return Result.parse((await wish.hands.octokit.request(`GET ${ROUTE}/{uuid}`, { ...pullOf(wish), uuid })).data);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function conclude(wish: Wish, { status, details }: Result, judge: Judge): Promise<MergeOutcome> {
  if (status === "failed") return judge(details.message);
  const settled = settledBy(await readPull(wish), wish.headSha);
  if (settled) return settled;
  if (status === "enqueued") return { outcome: "queued" };
  throw new PutOff("GitHub says that it merged, and does not show it yet.", SOON_MS, 504);
}

/** GitHub forgets after 24 hours. What was not merged by then is judged anew before it is asked for again. */
async function expired(wish: Wish): Promise<MergeOutcome> {
  const settled = settledBy(await readPull(wish), wish.headSha);
  if (settled) return settled;
  await wish.hands.remember({});
  throw new PutOff("GitHub has forgotten that it was to merge this.", SOON_MS, 504);
}
