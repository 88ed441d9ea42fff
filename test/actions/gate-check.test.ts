/** The gates as people meet them in a repository without a server: real workflow files, real jobs. */
import { afterEach, expect, test } from "@jest/globals";
import { type GatedShop, gatedShop, place } from "./support/gated.ts";

let shop: GatedShop;
const start = async (more: Parameters<typeof gatedShop>[0] = {}) => {
  shop = await gatedShop(more);
};
afterEach(async () => {
  const said = [shop.github.violations, shop.github.unknownRoutes];
  await shop.close();
  expect(said).toEqual([[], []]);
});

const migration = { "db/migrations/0002_tips.sql": "alter table tills add column tip int;\n" };

test("a migration waits for its owner: the check asks, the job fails, and a review with /rig recheck opens it", async () => {
  await start();
  const { number, headSha } = await shop.open("tips", migration);
  const first = await shop.lastRun();
  expect(first).toMatchObject({ conclusion: "failure", event: "pull_request_target" });
  expect(first.log).toContain("schema: waits for @maria");
  const [waiting, ...others] = await shop.checks(headSha);
  expect(others).toEqual([]);
  expect(waiting).toMatchObject({ status: "completed", conclusion: "action_required", output: { title: "schema: waits for @maria" } });
  const remarks = waiting?.output.annotations_count ?? 0;
  expect(remarks).toBeGreaterThan(0);

  await shop.approve("maria", number, headSha);
  await shop.say("jonas", number, "/rig recheck");
  expect(await shop.lastRun()).toMatchObject({ conclusion: "success", event: "issue_comment" });
  const [open, ...more] = await shop.checks(headSha);
  expect(more).toEqual([]);
  expect(open).toMatchObject({ id: waiting?.id, conclusion: "success" });
});

test("a command opens the gate when an owner names the head in it; who made the change, who owns nothing and an edited comment do not", async () => {
  await start();
  const { number, headSha } = await shop.open("tips", migration);
  await shop.runner.idle();
  await shop.as("petra").rest.issues.createComment({ ...place, issue_number: number, body: `/rig approve ${headSha}` });
  const { data } = await shop.as("maria").rest.issues.createComment({ ...place, issue_number: number, body: "Looks good." });
  await shop.runner.idle();
  // GitHub's times have no fractions of a second.
  await shop.until(async () => Date.now() >= Date.parse(data.created_at) + 1_000);
  await shop.as("maria").rest.issues.updateComment({ ...place, comment_id: data.id, body: `/rig approve ${headSha}` });
  await shop.say("jonas", number, `/rig approve ${headSha}`);
  expect(await shop.lastRun()).toMatchObject({ conclusion: "failure", event: "issue_comment" });
  expect(await shop.checks(headSha)).toMatchObject([{ conclusion: "action_required" }]);

  await shop.say("maria", number, `/rig approve ${headSha.slice(0, 8)} schema`);
  expect(await shop.lastRun()).toMatchObject({ conclusion: "success" });
  const next = await shop.push("tips", { "db/migrations/0003_more.sql": "drop table tills;\n" });
  expect(await shop.lastRun()).toMatchObject({ conclusion: "failure", event: "pull_request_target" });
  expect(await shop.checks(next)).toMatchObject([{ conclusion: "action_required" }]);
});

test("R14: what a head says of workflows, rig.yml and CODEOWNERS has no influence, and raises the gate of the rules", async () => {
  await start();
  const { number, headSha } = await shop.open("takeover", {
    ...migration,
    ".github/CODEOWNERS": "* @petra\n",
    ".github/rig.yml": "gates:\n  schema: { enabled: false }\n  rules: { enabled: false }\n",
    ".github/workflows/gates.yml":
      "name: Gates\non: [pull_request_target]\njobs:\n  rig:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo taken over\n",
  });
  const { conclusion, log } = await shop.lastRun();
  expect(conclusion).toBe("failure");
  expect(log).not.toContain("taken over");
  const [check] = await shop.checks(headSha);
  expect(check).toMatchObject({
    conclusion: "action_required",
    output: { title: expect.stringMatching(/schema: waits for @maria.*rules: waits for @maria/) },
  });
  await shop.approve("petra", number, headSha);
  await shop.say("petra", number, "/rig recheck");
  expect(await shop.checks(headSha)).toMatchObject([{ conclusion: "action_required" }]);
});

test("the merge queue's commit is judged for the pull request that it tries out, and merges", async () => {
  await start({ rules: { requiredChecks: ["rig/gates"], mergeQueue: {} } });
  const { number, headSha } = await shop.open("greeting", { "src/greet.ts": "export const greet = () => 'good day';\n" });
  expect(await shop.lastRun()).toMatchObject({ conclusion: "success" });
  await shop
    .as("maria")
    .request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async", { ...place, pull_number: number, sha: headSha });
  await shop.until(async () => (await shop.as("maria").rest.pulls.get({ ...place, pull_number: number })).data.merged);
  expect(await shop.lastRun()).toMatchObject({ conclusion: "success", event: "merge_group" });
});
