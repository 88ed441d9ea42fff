/** How reading reaches GitHub: one repository, through one client. */
import type { ProbotOctokit } from "probot";

import type { Memory } from "./memory.ts";

export type Octokit = InstanceType<typeof ProbotOctokit>;

export interface Reader {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly memory: Memory;
}

/** Whether GitHub answered 404; every other failure is thrown on. */
export const notFound = (error: unknown): boolean => error instanceof Error && "status" in error && error.status === 404;

/** Whether something is not there for us: gone, moved away, forbidden to this installation, or withheld by law (F13). */
export const gone = (error: unknown): boolean =>
  error instanceof Error &&
  "status" in error &&
  [403, 404, 410, 451].includes(Number(error.status)) &&
  !/rate limit|abuse/i.test(error.message);

/** The answer, or undefined where GitHub says that there is none. */
export async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (notFound(error)) return undefined;
    throw error;
  }
}

/** HTTP status of a failed GitHub call; undefined where there was no answer. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : undefined;
