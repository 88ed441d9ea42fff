import { asksForPullRequest, enforced, rulesetId, rulesetName } from "../repositories/ruleset.ts";
import type { BranchRules, Repository } from "../state/repository.ts";
import { fullName, type World } from "../world.ts";
import { nodeId } from "./node-id.ts";
import { apiOf, htmlOf } from "./repository.ts";

function pullRequestRule(rules: BranchRules) {
  return {
    type: "pull_request",
    parameters: {
      required_approving_review_count: rules.requiredApprovals ?? 0,
      dismiss_stale_reviews_on_push: rules.dismissStaleReviews ?? false,
      require_code_owner_review: rules.requireCodeOwnerReview ?? false,
      require_last_push_approval: rules.requireLastPushApproval ?? false,
      required_review_thread_resolution: false,
      allowed_merge_methods: [...(rules.mergeMethods ?? ["merge", "squash", "rebase"])],
    },
  };
}

function statusRule({ checkSources }: BranchRules, contexts: readonly string[]) {
  return {
    type: "required_status_checks",
    parameters: {
      strict_required_status_checks_policy: false,
      do_not_enforce_on_create: false,
      required_status_checks: contexts.map((context) => {
        const source = checkSources?.[context];
        return { context, ...(source === undefined ? {} : { integration_id: source }) };
      }),
    },
  };
}

const queueRule = ({ method = "merge", entriesToBuild = 5 }: NonNullable<BranchRules["mergeQueue"]>) => ({
  type: "merge_queue",
  parameters: {
    merge_method: method.toUpperCase(),
    max_entries_to_build: entriesToBuild,
    max_entries_to_merge: 1,
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 0,
    grouping_strategy: "ALLGREEN",
    check_response_timeout_minutes: 60,
  },
});

const rulesIn = (rules: BranchRules): object[] => [
  ...(rules.allowDeletion ? [] : [{ type: "deletion" }]),
  ...(rules.allowForcePushes ? [] : [{ type: "non_fast_forward" }]),
  ...(asksForPullRequest(rules) ? [pullRequestRule(rules)] : []),
  ...(rules.requiredChecks?.length ? [statusRule(rules, rules.requiredChecks)] : []),
  ...(rules.mergeQueue ? [queueRule(rules.mergeQueue)] : []),
];

/** The rules that hold for one branch; only the default branch has any. */
export function showRules(repository: Repository, branch: string): object[] {
  const rules = enforced(repository);
  if (branch !== repository.defaultBranch || !Object.keys(rules).length) return [];
  const from = { ruleset_source_type: "Repository", ruleset_source: fullName(repository), ruleset_id: rulesetId(repository) };
  return rulesIn(rules).map((rule) => ({ ...rule, ...from }));
}

/** The ruleset as a list shows it. */
export function showRulesetBriefly(world: World, repository: Repository) {
  const id = rulesetId(repository);
  return {
    id,
    name: rulesetName,
    target: "branch",
    source_type: "Repository",
    source: fullName(repository),
    enforcement: repository.rules.enforcement ?? "active",
    node_id: nodeId("RepositoryRuleset", id),
    _links: {
      self: { href: `${apiOf(world, repository)}/rulesets/${id}` },
      html: { href: `${htmlOf(world, repository)}/rules/${id}` },
    },
    created_at: repository.createdAt,
    updated_at: repository.rulesChangedAt,
  };
}

/** The ruleset alone. Who may pass it by is shown only to those who may change it; everybody learns it of themselves. */
export const showRuleset = (
  world: World,
  repository: Repository,
  { mayChange, bypass }: { readonly mayChange: boolean; readonly bypass: string },
) => ({
  ...showRulesetBriefly(world, repository),
  conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
  rules: rulesIn(repository.rules),
  current_user_can_bypass: bypass,
  ...(mayChange
    ? {
        bypass_actors: (repository.rules.bypassActors ?? []).map(({ type, id, mode }) => ({
          actor_type: type,
          actor_id: id,
          bypass_mode: mode ?? "always",
        })),
      }
    : {}),
});
