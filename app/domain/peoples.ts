/** People's own pull requests: what has Review-E read one, and which it reads at all. */
import type { Issue } from "./issue.ts";
import type { Policy } from "./policy.ts";
import type { SeenPullRequest } from "./seen.ts";

/** A person with write permission puts it on a pull request to have each of its heads read. */
export const REVIEW_LABEL = "rig:review";

/** Our own pull request that takes production back: nobody's issue, so it is watched and gated as a person's is, and a person merges it. */
export const isWayBack = (branch: string): boolean => /^rig\/rollback-\d+-[0-9a-f]{7}$/.test(branch);

/** Why it is not read, whoever asks for that; undefined where it is. */
export function unreadable({ fork, author, draft }: SeenPullRequest): string | undefined {
  if (fork) return "It comes from a fork, and Review-E does not read those: code of strangers does not run on this repository's runners.";
  if (author.bot) return `It is ${author.login}'s, and Review-E reads pull requests of people.`;
  return draft ? "It is a draft: Review-E reads it once it is ready for review." : undefined;
}

interface Asked {
  readonly issue: Issue;
  readonly policy: Policy;
  readonly paused?: string;
}

/** Why no reviewer is sent to it now, whoever asks for that. */
export function unsendable({ issue, policy, paused }: Asked): string | undefined {
  const { mode, limits } = policy;
  if (paused !== undefined) return `The repository rests: ${paused}`;
  if (mode !== "active") return `The repository's mode is ${mode}: nothing starts there.`;
  return issue.runs.length < limits.runsPerIssue ? undefined : `It has had all of its ${limits.runsPerIssue} runs.`;
}

/** Heads of it that a reviewer has begun to read. */
export const headsRead = ({ runs }: Issue): number =>
  new Set(runs.filter(({ kind, startedAt }) => kind === "review" && startedAt).map(({ baseSha }) => baseSha)).size;
