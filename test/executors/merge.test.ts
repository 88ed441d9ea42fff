/** R15 against the stand-in GitHub: a merge names its head, every refusal has a kind, and an unknown outcome is looked up. */
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { MergeOutcome, type RefusalKind } from "../../app/domain/merge-outcome.ts";
import { till } from "../world-github/small-world.ts";
import { type MergingWorld, mergingWorld } from "./merging.ts";

let world: MergingWorld;
beforeAll(async () => {
  world = await mergingWorld();
});
beforeEach(() => {
  world.github.setRules("ann/till", {});
  world.github.reducePermissions(world.conductor.id, world.permissions);
});
afterAll(async () => {
  expect([world.github.violations, world.github.faults.pending()]).toEqual([[], []]);
  await world.close();
});

const no = (kind: RefusalKind, because: unknown) => ({ outcome: "refused", kind, because, refused: because });

test("a merge names the head it judged and the method, and answers the commit on the base branch", async () => {
  const pull = await world.open("plain");
  const response = await world.merge(pull);
  expect(response).toEqual({ outcome: "merged", mergeSha: await world.main() });
  expect(MergeOutcome.safeParse(response).success).toBe(true);
  expect(world.tries("pulls/merge").at(-1)).toMatchObject({ body: { sha: pull.head, merge_method: "squash" }, status: 200 });
});

test("a head that moved before is not even tried, and never merged under its new name", async () => {
  const pull = await world.open("moved");
  const newer = await world.push("moved", { "moved.txt": "newer\n" });
  const tries = world.tries("pulls/merge").length;
  expect(await world.merge(pull)).toEqual(no("head_moved", expect.stringContaining("head branch was modified")));
  expect(world.tries("pulls/merge")).toHaveLength(tries);
  expect(await world.show(pull)).toMatchObject({ state: "open", head: { sha: newer } });
});

test("a head that moves between the look and the merge is GitHub's 409, and is not tried with another commit", async () => {
  const pull = await world.open("moves");
  await world.show(pull);
  const before = await world.app().rest.pulls.get(pull.at);
  await world.push("moves", { "moves.txt": "newer\n" });
  // The app's own look is the one that comes stale.
  world.github.faults.next({ method: "GET", path: new RegExp(`/pulls/${pull.number}$`), kind: "stale" });
  expect(before.data.head.sha).toBe(pull.head);
  const tries = world.tries("pulls/merge").length;
  expect(await world.merge(pull)).toEqual(no("head_moved", "Head branch was modified. Review and try the merge again."));
  expect(world.tries("pulls/merge").slice(tries)).toMatchObject([{ status: 409, body: { sha: pull.head } }]);
  expect(await world.show(pull)).toMatchObject({ state: "open", merged: false });
});

test("a base that moved just then", async () => {
  const pull = await world.open("base-moves");
  world.github.faults.next({ method: "PUT", path: /\/merge$/, kind: "base-moved" });
  expect(await world.merge(pull)).toEqual(no("base_moved", "Base branch was modified. Review and try the merge again."));
  expect(await world.merge(pull)).toMatchObject({ outcome: "merged" });
});

test("a conflict, although GitHub only says that it is not mergeable", async () => {
  const pull = await world.open("conflicts", { "src/sum.ts": "mine\n" });
  const other = await world.open("first", { "src/sum.ts": "theirs\n" });
  await world.merge(other);
  await world.show(pull);
  expect(await world.merge(pull)).toEqual(no("conflict", expect.stringContaining("conflicts")));
});

test("a draft", async () => {
  const pull = await world.open("draft", undefined, { draft: true });
  expect(await world.merge(pull)).toEqual(no("draft", "Pull Request is still a draft"));
});

test("a closed pull request is gone, and one that is not there too", async () => {
  const pull = await world.open("closed");
  await world.ann.rest.pulls.update({ ...pull.at, state: "closed" });
  expect(await world.merge(pull)).toEqual(no("gone", "The pull request is closed."));
  expect(await world.merge({ ...pull, number: 4_711 })).toMatchObject({ kind: "gone" });
});

test("a method that the branch does not allow", async () => {
  world.github.setRules("ann/till", { mergeMethods: ["merge"] });
  const pull = await world.open("method");
  expect(await world.merge(pull)).toEqual(no("method", "Squash merges are not allowed on this repository."));
});

test.each([
  ["a required check that never came", { requiredChecks: ["ci"] }, 'Required status check "ci" is expected.'],
  ["an approval that is missing", { requiredApprovals: 1 }, /At least 1 approving review/],
  ["a code owner who has not approved", { requireCodeOwnerReview: true }, /code owner/],
])("the branch's rules: %s", async (what, rules, because) => {
  await world.github.pushFiles({
    repository: "ann/till",
    branch: "main",
    author: "ann",
    message: `Owners for ${what}`,
    files: { ".github/CODEOWNERS": "* @ann\n" },
  });
  world.github.setRules("ann/till", rules);
  const pull = await world.open(`rules-${what.length}`);
  const response = await world.merge(pull);
  expect(response).toMatchObject({ outcome: "refused", kind: "rules", because: expect.stringMatching(because) });
  expect(String(response.because).split("\n")).toHaveLength(1);
});

test("a check of the required name by another App than the rules name does not let it through", async () => {
  world.github.setRules("ann/till", { requiredChecks: ["rig/gates"], checkSources: { "rig/gates": world.conductor.id } });
  const pull = await world.open("forged-check");
  const forger = await world.asApp();
  const check = { ...till, name: "rig/gates", head_sha: pull.head, status: "completed", conclusion: "success" } as const;
  await forger.rest.checks.create(check);
  expect(await world.merge(pull)).toMatchObject({ kind: "rules" });
  await world.app().rest.checks.create(check);
  expect(await world.merge(pull)).toMatchObject({ outcome: "merged" });
});

test("an approval does not outlive the head it was given to, and the last pusher's own does not count", async () => {
  world.github.setRules("ann/till", { requiredApprovals: 1, dismissStaleReviews: true, requireLastPushApproval: true });
  const pull = await world.open("stale-approval");
  await world.ann.rest.pulls.createReview({ ...pull.at, event: "APPROVE", commit_id: pull.head });
  const newer = { ...pull, head: await world.push("stale-approval", { "more.txt": "x\n" }) };
  expect(await world.merge(newer)).toMatchObject({ kind: "rules", because: expect.stringContaining("approving review") });
  await world.ann.rest.pulls.createReview({ ...pull.at, event: "APPROVE", commit_id: newer.head });
  expect(await world.merge(newer)).toMatchObject({ outcome: "merged" });
});

test("a bypass list that names the App lets it through: R16 asks that it does not", async () => {
  world.github.setRules("ann/till", { requiredApprovals: 1, bypassActors: [{ type: "Integration", id: world.conductor.id }] });
  expect(await world.merge(await world.open("bypass"))).toMatchObject({ outcome: "merged" });
});

test("a workflow file, without the permission for it, is forbidden", async () => {
  const pull = await world.open("workflow", { ".github/workflows/new.yml": "name: New\non: push\njobs: {}\n" });
  expect(await world.merge(pull)).toEqual(no("forbidden", expect.stringContaining("without `workflows` permission")));
});

test("a missing permission is forbidden; a limit is not, and is thrown to be met later", async () => {
  const pull = await world.open("limits");
  world.github.faults.next({ method: "PUT", path: /\/merge$/, kind: "secondary-limit" });
  await expect(world.merge(pull)).rejects.toMatchObject({ status: 403 });
  world.github.reducePermissions(world.conductor.id, { ...world.permissions, contents: "read" });
  expect(await world.merge(pull)).toEqual(no("forbidden", expect.stringContaining("Resource not accessible by integration")));
});

test("R-Q2: a merge whose answer was lost is found merged, and not said again", async () => {
  const pull = await world.open("lost");
  world.github.faults.next({ method: "PUT", path: /\/merge$/, kind: "502-after-write" });
  await expect(world.merge(pull)).rejects.toMatchObject({ status: 502 });
  const tries = world.tries("pulls/merge").length;
  expect(await world.merge(pull, { unknown: true })).toEqual({ outcome: "merged", mergeSha: await world.main() });
  expect(world.tries("pulls/merge")).toHaveLength(tries);
});

test("a merge that was not done before its answer was lost is done once", async () => {
  const pull = await world.open("not-done");
  world.github.faults.next({ method: "PUT", path: /\/merge$/, kind: "502" });
  await expect(world.merge(pull)).rejects.toMatchObject({ status: 502 });
  expect(await world.merge(pull, { unknown: true })).toMatchObject({ outcome: "merged" });
});

test("a merge that a person was faster with is a merge", async () => {
  const pull = await world.open("by-hand");
  const { data } = await world.ann.rest.pulls.merge({ ...pull.at, merge_method: "merge" });
  expect(await world.merge(pull)).toEqual({ outcome: "merged", mergeSha: data.sha });
});
