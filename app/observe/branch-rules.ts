import type { Octokit } from "./github.ts";

interface At {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
}

/** Every rule that holds on a branch, of whatever ruleset. */
export const branchRules = ({ octokit, owner, repo }: At, branch: string) =>
  octokit.paginate(octokit.rest.repos.getBranchRules, { owner, repo, branch, per_page: 100 });

/** How the merge queue of a branch merges; undefined: its rules ask for none. */
export async function mergeQueueOf(
  at: At,
  branch: string,
): Promise<{ readonly method: "merge" | "squash" | "rebase" | undefined } | undefined> {
  const rule = (await branchRules(at, branch)).find(({ type }) => type === "merge_queue");
  if (rule?.type !== "merge_queue") return undefined;
  return { method: rule.parameters && methods[rule.parameters.merge_method] };
}

const methods = { MERGE: "merge", SQUASH: "squash", REBASE: "rebase" } as const;
