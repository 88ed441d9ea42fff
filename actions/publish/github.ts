/** GitHub's REST API with a run's own token. */
import { Octokit } from "@octokit/core";
import { withPatience } from "../../agents/runtime/patience.ts";

export type GitHub = Octokit;

/** GitHub may hang; no answer takes longer than this. */
const ONE_ANSWER = 15_000;

const bounded: typeof fetch = (url, options) => fetch(url, { ...options, signal: AbortSignal.timeout(ONE_ANSWER) });

export const openGitHub = (token: string): GitHub =>
  new Octokit({
    auth: token,
    baseUrl: process.env.GITHUB_API_URL ?? "https://api.github.com",
    userAgent: "engineering-rig-publish",
    request: { fetch: bounded },
  });

/** The status of GitHub's refusal; undefined when it did not answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : undefined;

/** Does steps that look before they write again while GitHub is away: each finds what an earlier try already did. */
export function persistently<T>(steps: () => Promise<T>): Promise<T> {
  const isTransient = (error: unknown) => (statusOf(error) ?? 0) >= 500 || statusOf(error) === 429;
  return withPatience(steps, { forMs: 120_000, isTransient });
}
