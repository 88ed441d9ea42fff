import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { allPermissions, type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;
const R16 = {
  requirePullRequest: true,
  requiredApprovals: 1,
  requireCodeOwnerReview: true,
  dismissStaleReviews: true,
  requireLastPushApproval: true,
  requiredChecks: ["rig/gates"],
} as const;

beforeAll(async () => {
  world = await smallWorld({}, { rules: R16 });
});
beforeEach(() => world.github.setRules("ann/till", { ...R16, checkSources: { "rig/gates": world.app.id } }));
afterAll(() => world.close());

const rulesetOf = async (as = world.ann) => {
  const [listed] = (await as.rest.repos.getRepoRulesets(till)).data;
  return (await as.rest.repos.getRepoRuleset({ ...till, ruleset_id: listed?.id ?? 0 })).data;
};

test("the ruleset of a repository says what holds on its default branch", async () => {
  const ruleset = await rulesetOf();
  expect(ruleset).toMatchObject({ enforcement: "active", target: "branch", bypass_actors: [], source: "ann/till" });
  expect(ruleset.rules).toEqual([
    { type: "deletion" },
    { type: "non_fast_forward" },
    {
      type: "pull_request",
      parameters: expect.objectContaining({
        required_approving_review_count: 1,
        require_code_owner_review: true,
        dismiss_stale_reviews_on_push: true,
        require_last_push_approval: true,
      }),
    },
    {
      type: "required_status_checks",
      parameters: expect.objectContaining({ required_status_checks: [{ context: "rig/gates", integration_id: world.app.id }] }),
    },
  ]);
  const { data } = await world.ann.rest.repos.getBranchRules({ ...till, branch: "main" });
  expect(data.map((rule) => [rule.type, rule.ruleset_id])).toEqual(ruleset.rules?.map(({ type }) => [type, ruleset.id]));
});

test("who passes the rules by is shown to those who may change them; others learn it of themselves only", async () => {
  const app = await world.asApp();
  const before = await rulesetOf(app);
  expect([before.bypass_actors, before.current_user_can_bypass]).toEqual([undefined, "never"]);
  world.github.setRules("ann/till", { ...R16, bypassActors: [{ type: "Integration", id: world.app.id }] });
  expect(await rulesetOf(app)).toMatchObject({ current_user_can_bypass: "always" });
  expect((await rulesetOf()).bypass_actors).toEqual([{ actor_type: "Integration", actor_id: world.app.id, bypass_mode: "always" }]);
});

test("the bypass list lets those it names push and merge, and nobody else", async () => {
  const push = (branch: string) => world.push(branch, { "src/sum.ts": `one\n${branch}\n` });
  await push("change");
  const { number: pull_number } = (await world.bob.rest.pulls.create({ ...till, title: "Change", head: "change", base: "main" })).data;
  expect(await statusOf(world.bob.rest.pulls.merge({ ...till, pull_number }))).toBe(405);
  await expect(push("main")).rejects.toThrow(/GH013/);
  world.github.setRules("ann/till", { ...R16, bypassActors: [{ type: "User", id: world.people.bob.id }] });
  expect(await statusOf(world.ann.rest.pulls.merge({ ...till, pull_number }))).toBe(405);
  expect(await statusOf(world.bob.rest.pulls.merge({ ...till, pull_number }))).toBe(200);
  expect(await push("main")).toMatch(/^[0-9a-f]{40}$/);
});

test("a ruleset that is switched off is listed and holds nobody", async () => {
  world.github.setRules("ann/till", { ...R16, enforcement: "disabled" });
  expect(await rulesetOf()).toMatchObject({ enforcement: "disabled" });
  expect((await world.ann.rest.repos.getBranchRules({ ...till, branch: "main" })).data).toEqual([]);
  expect(await world.push("main", { "src/sum.ts": "off\n" })).toMatch(/^[0-9a-f]{40}$/);
});

test("rules that allow force-pushes and deletion do not name them", async () => {
  world.github.setRules("ann/till", { requiredChecks: ["ci"], allowForcePushes: true, allowDeletion: true });
  expect((await rulesetOf()).rules?.map(({ type }) => type)).toEqual(["required_status_checks"]);
});

test("a repository without rules has no ruleset", async () => {
  world.github.setRules("ann/till", {});
  expect((await world.ann.rest.repos.getRepoRulesets(till)).data).toEqual([]);
  const app = await world.asApp({ permissions: { issues: allPermissions.issues } });
  expect(await statusOf(app.rest.repos.getRepoRuleset({ ...till, ruleset_id: 1 }))).toBe(404);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
