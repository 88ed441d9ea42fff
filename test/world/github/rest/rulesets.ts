import { mayDo } from "../auth/authorize.ts";
import { notFound } from "../http/refusal.ts";
import { bypassOf, hasRuleset, rulesetId } from "../repositories/ruleset.ts";
import { showRules, showRuleset, showRulesetBriefly } from "../shapes/ruleset.ts";
import { type Endpoint, ok, onRepository } from "./endpoint.ts";
import { listed } from "./pages.ts";

const reads = { app: { metadata: "read" }, person: "read" } as const;
const changes = { app: { administration: "write" }, person: "admin" } as const;

export const rulesetEndpoints: readonly Endpoint[] = [
  onRepository("repos/get-branch-rules", reads, (call) => listed(call, showRules(call.repository, call.params.branch), (rule) => rule)),
  onRepository("repos/get-repo-rulesets", reads, (call) =>
    listed(call, hasRuleset(call.repository) ? [call.repository] : [], (repository) => showRulesetBriefly(call.world, repository)),
  ),
  onRepository("repos/get-repo-ruleset", reads, ({ world, repository, identity, author, params }) => {
    if (!hasRuleset(repository) || params.ruleset_id !== rulesetId(repository)) throw notFound();
    const bypass = identity.kind === "anonymous" ? "never" : bypassOf(repository, author());
    return ok(showRuleset(world, repository, { mayChange: mayDo(identity, repository, changes), bypass }));
  }),
];
