/** What GitHub means by not merging: the status first, then its words. A check's name stands in them too, so words count only where GitHub begins. */
import { z } from "zod";
import type { MergeOutcome, RefusalKind } from "../../domain/merge-outcome.ts";
import { statusOf } from "../../observe/github.ts";

export type Refused = Extract<MergeOutcome, { readonly outcome: "refused" }>;

/** GitHub's no in its own words. */
export interface No {
  readonly status: number;
  readonly message: string;
}

/** A kind; or that only the pull request itself tells; or that somebody else merges it at this moment. */
type Reading = RefusalKind | "ask" | "busy";

const words: readonly (readonly [RegExp, Reading])[] = [
  [/^head (branch|sha) (was modified|has changed|did(n't| not) match)/i, "head_moved"],
  [/^base branch was modified/i, "base_moved"],
  [/^pull request is (still )?(a |in )?draft/i, "draft"],
  [/^(merge conflict|this branch can't be rebased|pull request has (merge )?conflicts)/i, "conflict"],
  [/^(merge commits|squash merges|rebase merges|merge method \w+) (are|is) not allowed/i, "method"],
  [/^pull request is (already )?closed/i, "gone"],
  [/^pull request (is not mergeable|is already merged|was already merged)/i, "ask"],
  [/^merge already in progress/i, "busy"],
];
const BY_RULES = /rule violation|required status check|approving review|code owner|protected branch|merge queue/i;

export function readingOf({ status, message }: No): Reading {
  if (status === 404 || status === 410) return "gone";
  if (status === 403) return "forbidden";
  if (status === 409) return "head_moved";
  const said = words.find(([pattern]) => pattern.test(message))?.[1];
  if (said) return said;
  return status === 422 && !BY_RULES.test(message) ? "invalid" : "rules";
}

/** A refusal as it is kept: in one line, and not longer than people read. */
export const refused = (kind: RefusalKind, because: string): Refused => ({ outcome: "refused", kind, because: inOneLine(because) });

const LONGEST = 1000;
function inOneLine(text: string): string {
  const [first = "", ...rest] = text.split("\n").flatMap((line) => line.trim() || []);
  return (rest.length > 0 ? `${first.replace(/[:.]$/, "")}: ${rest.join(" ")}` : first).slice(0, LONGEST);
}

const answers: ReadonlySet<number> = new Set([400, 403, 404, 405, 409, 410, 422]);
const LIMIT = /rate limit|abuse|try again later|please wait/i;

const Said = z.object({
  response: z.object({ data: z.object({ message: z.string().optional(), errors: z.array(z.unknown()).optional() }) }),
});
const Detail = z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]);

/** GitHub's no; undefined: the call failed in a way that says nothing about the merge, or a limit was met. */
export function noOf(error: unknown): No | undefined {
  const status = statusOf(error);
  if (!(error instanceof Error) || status === undefined || !answers.has(status)) return undefined;
  if (status === 403 && LIMIT.test(error.message)) return undefined;
  const { message = error.message, errors = [] } = Said.safeParse(error).data?.response.data ?? {};
  const details = errors.flatMap((one) => Detail.safeParse(one).data ?? []);
  return { status, message: [message, ...details].join("\n") };
}
