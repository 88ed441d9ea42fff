import { Refusal } from "../http/refusal.ts";
import { hasRuleset } from "../repositories/ruleset.ts";
import { showRuleset } from "../shapes/ruleset.ts";
import type { BranchRules, BypassActor } from "../state/repository.ts";
import { nowIso } from "../world.ts";
import { created, type Endpoint, onRepository } from "./endpoint.ts";

type Posted = Parameters<Parameters<typeof onRepository<"repos/create-repo-ruleset">>[2]>[0]["body"];
type Rule = NonNullable<Posted["rules"]>[number];

const changes = { app: { administration: "write" }, person: "admin" } as const;
const kinds = ["Integration", "User", "RepositoryRole", "OrganizationAdmin"] as const;

/** A ruleset for the default branch, as somebody imports it. There is room for one here, and for the rules that this GitHub keeps. */
export const rulesetImport: Endpoint = onRepository("repos/create-repo-ruleset", changes, ({ world, repository, body }) => {
  if (hasRuleset(repository)) throw refused("Name must be unique");
  const branches = body.conditions?.ref_name?.include ?? [];
  if ((body.target ?? "branch") !== "branch" || branches.join() !== "~DEFAULT_BRANCH")
    throw refused("only the default branch has rules here");
  const rules = body.rules ?? [];
  const held: BranchRules = {
    ...(Object.assign({}, ...rules.map(heldBy)) as BranchRules),
    allowDeletion: !rules.some(({ type }) => type === "deletion"),
    allowForcePushes: !rules.some(({ type }) => type === "non_fast_forward"),
    bypassActors: (body.bypass_actors ?? []).map(bypassBy),
    enforcement: body.enforcement,
  };
  Object.assign(repository, { rules: held, rulesChangedAt: nowIso(world) });
  return created(showRuleset(world, repository, { mayChange: true, bypass: "never" }));
});

function heldBy(rule: Rule): BranchRules {
  switch (rule.type) {
    case "deletion":
    case "non_fast_forward":
      return {};
    case "pull_request":
      return {
        requirePullRequest: true,
        requiredApprovals: rule.parameters?.required_approving_review_count ?? 0,
        dismissStaleReviews: rule.parameters?.dismiss_stale_reviews_on_push ?? false,
        requireCodeOwnerReview: rule.parameters?.require_code_owner_review ?? false,
        requireLastPushApproval: rule.parameters?.require_last_push_approval ?? false,
      };
    case "required_status_checks": {
      const asked = rule.parameters?.required_status_checks ?? [];
      return {
        requiredChecks: asked.map(({ context }) => context),
        checkSources: Object.fromEntries(
          asked.flatMap(({ context, integration_id }) => (integration_id ? [[context, Number(integration_id)]] : [])),
        ),
      };
    }
    default:
      throw refused(`the rule ${rule.type} is not kept here`);
  }
}

function bypassBy({ actor_type, actor_id, bypass_mode }: NonNullable<Posted["bypass_actors"]>[number]): BypassActor {
  const type = kinds.find((kind) => kind === actor_type);
  if (!type || typeof actor_id !== "number") throw refused(`nobody of the kind ${actor_type} passes rules by here`);
  return { type, id: actor_id, mode: bypass_mode === "pull_request" ? "pull_request" : "always" };
}

const refused = (why: string) => new Refusal(422, `Validation Failed: ${why}`);
