import type { Repository } from "../state/repository.ts";

/** Refs that nobody may push to: their rules ask for a pull request, and the bypass list is empty. */
export function refusedRefs({ rules, defaultBranch }: Repository): readonly string[] {
  return rules.requirePullRequest || rules.requiredApprovals || rules.requiredChecks?.length ? [`refs/heads/${defaultBranch}`] : [];
}
