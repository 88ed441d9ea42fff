import { atLeast, roleOf } from "../auth/authorize.ts";
import { branchSha } from "../git/store.ts";
import { ownersOf } from "../repositories/code-owners.ts";
import { enforced } from "../repositories/ruleset.ts";
import type { Issue } from "../state/issue.ts";
import type { Pull, Review } from "../state/pull.ts";
import type { Repository } from "../state/repository.ts";
import { pullFiles } from "./content.ts";

const passing = ["success", "neutral", "skipped"];

/** The newest run of that name decides, from the App that the rule names if it names one. */
export function checkState(repository: Repository, sha: string, name: string): "missing" | "pending" | "passed" | "failed" {
  const source = enforced(repository).checkSources?.[name];
  const runs = [...repository.checkRuns.values()].filter(
    (run) => run.headSha === sha && run.name === name && (source === undefined || run.app.id === source),
  );
  const run = runs.at(-1);
  if (run) return run.status !== "completed" ? "pending" : passing.includes(run.conclusion ?? "") ? "passed" : "failed";
  const status = repository.statuses.filter((one) => one.sha === sha && one.context === name).at(-1);
  if (!status || source !== undefined) return "missing";
  return status.state === "success" ? "passed" : status.state === "pending" ? "pending" : "failed";
}

/** The last word of everybody who has reviewed; a comment takes nothing back. */
function standingReviews(pull: Pull): readonly Review[] {
  const last = new Map<number, Review>();
  for (const review of pull.reviews) {
    if (review.state === "COMMENTED" || review.state === "PENDING") continue;
    last.set(review.author.user.id, review);
  }
  return [...last.values()].filter(({ state }) => state !== "DISMISSED");
}

// An App that may write counts as a reviewer with write access.
const counts = (repository: Repository, { author }: Review) =>
  author.app ? author.app.permissions.pull_requests === "write" : atLeast(roleOf(repository, author.user), "write");

/** Whether something was changed whose owners have not approved. A path that was moved away counts too. */
async function lacksAnOwner(repository: Repository, pull: Pull, approvals: readonly Review[]): Promise<boolean> {
  const approvers = new Set(approvals.map(({ author }) => author.user.login.toLowerCase()));
  const files = await pullFiles(repository, pull);
  const paths = files.flatMap(({ filename, previousFilename }) => [filename, ...(previousFilename ? [previousFilename] : [])]);
  const owners = await ownersOf(repository, branchSha(repository.git, pull.baseBranch) ?? pull.baseSha, paths);
  return owners.some((of) => !of.some((login) => approvers.has(login)));
}

/** What the ruleset of the default branch still asks of this pull request, in GitHub's words. */
export async function missingForMerge(repository: Repository, { author, pull }: Issue & { pull: Pull }): Promise<readonly string[]> {
  const rules = enforced(repository);
  if (pull.baseBranch !== repository.defaultBranch) return [];
  const missing: string[] = [];
  const reviews = standingReviews(pull).filter((review) => counts(repository, review));
  if (reviews.some(({ state }) => state === "CHANGES_REQUESTED") && rules.requiredApprovals)
    missing.push("Changes were requested by a reviewer with write access.");
  const approvals = reviews.filter(
    (review) =>
      review.state === "APPROVED" &&
      review.author.user.id !== author.user.id &&
      !(rules.requireLastPushApproval && (review.author.user.id === pull.lastPusher.id || review.commitSha !== pull.headSha)),
  );
  const lacking = (rules.requiredApprovals ?? 0) - approvals.length;
  if (lacking > 0)
    missing.push(
      `At least ${rules.requiredApprovals} approving review${rules.requiredApprovals === 1 ? " is" : "s are"} required by reviewers with write access.`,
    );
  if (rules.requireCodeOwnerReview && (await lacksAnOwner(repository, pull, approvals))) missing.push("Waiting on code owner review.");
  for (const name of rules.requiredChecks ?? []) {
    const state = checkState(repository, pull.headSha, name);
    if (state === "missing") missing.push(`Required status check "${name}" is expected.`);
    if (state === "pending") missing.push(`Required status check "${name}" is in progress.`);
    if (state === "failed") missing.push(`Required status check "${name}" is failing.`);
  }
  return missing;
}
