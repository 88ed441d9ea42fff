/** Reads ask GitHub only for what has changed: an answer 304 does not count against the hourly limit (G6). */
import type { Octokit } from "@octokit/core";
import { LRUCache } from "lru-cache";

/** Characters of all kept answers together, and of the largest one that is worth keeping. */
const MOST = 32 * 1024 * 1024;
const LARGEST = 1024 * 1024;

interface Kept {
  readonly etag: string;
  readonly answer: string;
}

/** What was answered before, by who asks, the address and the form it was asked in. */
export type Answers = LRUCache<string, Kept>;

export const keepAnswers = (): Answers =>
  new LRUCache({ maxSize: MOST, maxEntrySize: LARGEST, sizeCalculation: ({ answer }) => answer.length });

/**
 * Has a client ask with `If-None-Match`. Answers are kept as text, because Octokit's paging changes the objects it hands out.
 * GitHub makes the ETag of what it shows this token, so a new token (every hour) costs one full answer again.
 */
export function askConditionally(octokit: Octokit, scope: string, answers: Answers): void {
  octokit.hook.wrap("request", async (request, options) => {
    if (options.method !== "GET") return request(options);
    const { url, headers } = octokit.request.endpoint(options);
    const key = `${scope} ${headers.accept} ${url}`;
    const kept = answers.get(key);
    if (kept) options.headers["if-none-match"] = kept.etag;
    try {
      const response = await request(options);
      const { etag } = response.headers;
      if (etag && response.status === 200 && isJson(response.headers["content-type"]))
        answers.set(key, { etag, answer: JSON.stringify(response) });
      return response;
    } catch (error) {
      if (kept && isNotModified(error)) return JSON.parse(kept.answer);
      throw error;
    }
  });
}

const isJson = (type: string | undefined): boolean => type?.startsWith("application/json") ?? false;

const isNotModified = (error: unknown): boolean => error instanceof Error && "status" in error && error.status === 304;
