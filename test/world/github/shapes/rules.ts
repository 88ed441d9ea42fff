import type { Repository } from "../state/repository.ts";
import { fullName } from "../world.ts";

/** The rules of one branch as its ruleset states them; only the default branch has one. */
export function showRules(repository: Repository, branch: string): object[] {
  const { rules } = repository;
  if (branch !== repository.defaultBranch || !Object.keys(rules).length) return [];
  const from = { ruleset_source_type: "Repository", ruleset_source: fullName(repository), ruleset_id: repository.id };
  const asksReview =
    rules.requirePullRequest ||
    rules.requiredApprovals ||
    rules.requireCodeOwnerReview ||
    rules.requireLastPushApproval ||
    rules.dismissStaleReviews;
  return [
    { type: "deletion", ...from },
    { type: "non_fast_forward", ...from },
    ...(asksReview
      ? [
          {
            type: "pull_request",
            parameters: {
              required_approving_review_count: rules.requiredApprovals ?? 0,
              dismiss_stale_reviews_on_push: rules.dismissStaleReviews ?? false,
              require_code_owner_review: rules.requireCodeOwnerReview ?? false,
              require_last_push_approval: rules.requireLastPushApproval ?? false,
              required_review_thread_resolution: false,
              allowed_merge_methods: ["merge", "squash", "rebase"],
            },
            ...from,
          },
        ]
      : []),
    ...(rules.requiredChecks?.length
      ? [
          {
            type: "required_status_checks",
            parameters: {
              strict_required_status_checks_policy: false,
              do_not_enforce_on_create: false,
              required_status_checks: rules.requiredChecks.map((context) => {
                const source = rules.checkSources?.[context];
                return { context, ...(source === undefined ? {} : { integration_id: source }) };
              }),
            },
            ...from,
          },
        ]
      : []),
  ];
}
