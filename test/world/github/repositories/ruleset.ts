import { roleOf } from "../auth/authorize.ts";
import type { Author } from "../state/people.ts";
import type { BranchRules, BypassActor, Repository, Role } from "../state/repository.ts";

export const rulesetName = "default branch";

/** A number of its own kind: it finds no repository. */
export const rulesetId = ({ id }: Repository) => id + 9_000_000;

export const hasRuleset = ({ rules }: Repository) => Object.keys(rules).length > 0;

/** The rules that hold: those of a ruleset that is switched off or only tried out hold nobody back. */
export const enforced = ({ rules }: Repository): BranchRules => ((rules.enforcement ?? "active") === "active" ? rules : {});

export const asksForPullRequest = (rules: BranchRules): boolean =>
  Boolean(
    rules.requirePullRequest ||
      rules.requiredApprovals ||
      rules.requireCodeOwnerReview ||
      rules.requireLastPushApproval ||
      rules.dismissStaleReviews ||
      rules.mergeMethods,
  );

/** GitHub's numbers for the roles a bypass list can name. */
const roleIds: Readonly<Partial<Record<Role, number>>> = { maintain: 2, write: 4, admin: 5 };

function means(repository: Repository, { type, id }: BypassActor, { user, app }: Author): boolean {
  if (type === "Integration") return app?.id === id;
  if (app) return false;
  if (type === "User") return user.id === id;
  const role = roleOf(repository, user);
  if (type === "OrganizationAdmin") return repository.owner.type === "Organization" && role === "admin";
  return role !== undefined && roleIds[role] === id;
}

/** How far the rules do not hold for somebody. */
export function bypassOf(repository: Repository, author: Author): "always" | "pull_requests_only" | "never" {
  const mine = (repository.rules.bypassActors ?? []).filter((actor) => means(repository, actor, author));
  if (mine.some(({ mode }) => (mode ?? "always") === "always")) return "always";
  return mine.length ? "pull_requests_only" : "never";
}
