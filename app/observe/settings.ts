import type { SeenSettings } from "../domain/repository.ts";
import { orNothing, type Reader } from "./github.ts";

type BranchRule = Awaited<ReturnType<Reader["octokit"]["rest"]["repos"]["getBranchRules"]>>["data"][number];

/** What the rulesets ask of a branch, and which Apps may pass by them (R16). */
export async function observeSettings(reader: Reader, branch: string): Promise<SeenSettings> {
  const { octokit, owner, repo } = reader;
  const rules = await octokit.paginate(octokit.rest.repos.getBranchRules, { owner, repo, branch, per_page: 100 });
  const has = (type: BranchRule["type"]) => rules.some((rule) => rule.type === type);
  const reviews = rules.flatMap((rule) => (rule.type === "pull_request" ? [rule.parameters] : []));
  const rulesets = [...new Set(rules.flatMap(({ ruleset_id }) => ruleset_id ?? []))];
  const shown = await Promise.all(rulesets.map((id) => rulesetOf(reader, id)));
  return {
    requiresPullRequest: has("pull_request"),
    requiresCodeOwnerReview: reviews.some((asked) => asked?.require_code_owner_review),
    dismissesStaleReviews: reviews.some((asked) => asked?.dismiss_stale_reviews_on_push),
    requiresLastPushApproval: reviews.some((asked) => asked?.require_last_push_approval),
    requiredChecks: rules.flatMap((rule) =>
      rule.type === "required_status_checks"
        ? (rule.parameters?.required_status_checks ?? []).map(({ context, integration_id }) => ({
            name: context,
            ...(integration_id ? { appId: integration_id } : {}),
          }))
        : [],
    ),
    forbidsForcePush: has("non_fast_forward"),
    forbidsDeletion: has("deletion"),
    rigMayBypass: shown.some((ruleset) => (ruleset?.current_user_can_bypass ?? "never") !== "never"),
    bypassingApps: shown.flatMap((ruleset) =>
      (ruleset?.bypass_actors ?? []).flatMap(({ actor_type, actor_id }) =>
        actor_type === "Integration" && typeof actor_id === "number" ? [actor_id] : [],
      ),
    ),
  };
}

/** GitHub tells everybody whether they may pass by a ruleset themselves, and who else may only to those who may change it. */
const rulesetOf = async ({ octokit, owner, repo }: Reader, ruleset_id: number) =>
  (await orNothing(octokit.rest.repos.getRepoRuleset({ owner, repo, ruleset_id, includes_parents: true })))?.data;
