/** R15, merging in the background: its number is remembered before it is asked after, and no other head is taken for ours. */
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { MergeOutcome } from "../../app/domain/merge-outcome.ts";
import { type MergingWorld, mergingWorld, putOff, until } from "./merging.ts";

let world: MergingWorld;
let later = 0;
beforeAll(async () => {
  world = await mergingWorld({}, { now: () => new Date(Date.now() + later) });
});
beforeEach(() => world.github.setRules("ann/till", { mergeQueue: { method: "rebase" } }));
afterAll(async () => {
  expect([world.github.violations, world.github.faults.pending()]).toEqual([[], []]);
  await world.close();
});

const tries = (of: { readonly number: number }) =>
  world.tries("pulls/merge-async").filter(({ path }) => path.includes(`/pulls/${of.number}/`));

test("where the branch has a queue, the head goes there by the queue's own method, and never straight in", async () => {
  const pull = await world.open("queued");
  const straight = world.tries("pulls/merge").length;
  const response = await world.merge(pull);
  expect(response).toEqual({ outcome: "queued" });
  expect(MergeOutcome.safeParse(response).success).toBe(true);
  expect(tries(pull)).toMatchObject([{ status: 202, body: { sha: pull.head, merge_method: "rebase", merge_action: "merge_queue" } }]);
  expect(world.tries("pulls/merge")).toHaveLength(straight);
});

test("a bypass list that names the App does not lead it past the queue", async () => {
  const bypassActors = [{ type: "Integration", id: world.conductor.id }] as const;
  world.github.setRules("ann/till", { mergeQueue: {}, requiredChecks: ["ci"], bypassActors });
  const pull = await world.open("past-the-queue");
  expect(await world.merge(pull)).toMatchObject({ outcome: "refused", kind: "rules" });
  expect(await world.show(pull)).toMatchObject({ merged: false });
});

test("a queue that appears after the rules were read is GitHub's own answer to the straight way", async () => {
  world.github.setRules("ann/till", {});
  await world.app().rest.repos.getBranchRules({ owner: "ann", repo: "till", branch: "main", per_page: 100 });
  world.github.setRules("ann/till", { mergeQueue: {} });
  const pull = await world.open("late-queue");
  world.github.faults.next({ method: "GET", path: /\/rules\/branches\/main$/, kind: "stale" });
  expect(await world.merge(pull)).toEqual({ outcome: "queued" });
  expect(world.tries("pulls/merge").at(-1)).toMatchObject({ status: 405 });
});

test("while GitHub is at it the attempt is put off as one whose outcome nobody knows, and then goes on where it was", async () => {
  const pull = await world.open("slow");
  const letGo = world.github.holdMerges();
  expect(await putOff(world.merge(pull, {}, 2))).toMatchObject({ status: 504, message: "GitHub is still merging in the background." });
  expect(MergeOutcome.parse(world.kept.get(pull.number))).toMatchObject({ outcome: "pending", uuid: expect.any(String) });
  await letGo();
  expect(await world.merge(pull, { unknown: true })).toEqual({ outcome: "queued" });
  expect(tries(pull)).toHaveLength(1);
});

test("a crash after the number was remembered: the next attempt asks after it, and asks for nothing again", async () => {
  const pull = await world.open("crash-after");
  world.github.faults.next({ method: "GET", path: /\/merge-async\//, kind: "reset" });
  await expect(world.merge(pull)).rejects.toThrow();
  expect(await world.merge(pull, { unknown: true })).toEqual({ outcome: "queued" });
  expect(tries(pull)).toHaveLength(1);
});

test("a crash before the number was remembered: GitHub's 409 tells it again", async () => {
  const pull = await world.open("crash-before");
  const letGo = world.github.holdMerges();
  const crash = async () => Promise.reject(new Error("killed"));
  await expect(world.merge(pull, {}, 1, { remember: crash })).rejects.toThrow("killed");
  expect(world.kept.has(pull.number)).toBe(false);
  expect(await putOff(world.merge(pull, { unknown: true }, 1))).toMatchObject({ status: 504 });
  expect(tries(pull).map(({ status }) => status)).toEqual([202, 409]);
  await letGo();
  expect(await world.merge(pull, { unknown: true })).toEqual({ outcome: "queued" });
  expect(tries(pull)).toHaveLength(2);
});

test("an answer that was lost, of a merge that came about", async () => {
  const pull = await world.open("lost-answer");
  world.github.faults.next({ method: "PUT", path: /\/merge-async$/, kind: "502-after-write" });
  await expect(world.merge(pull)).rejects.toMatchObject({ status: 502 });
  await until(async () => (await world.show(pull)).merged);
  expect(await world.merge(pull, { unknown: true })).toEqual({ outcome: "merged", mergeSha: await world.main() });
  expect(tries(pull)).toHaveLength(1);
});

test("somebody's merge of another head is not taken for ours", async () => {
  const pull = await world.open("other-head");
  const letGo = world.github.holdMerges();
  const route = "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async";
  await world.ann.request(route, { ...pull.at, sha: pull.head });
  const newer = { ...pull, head: await world.push("other-head", { "other-head.txt": "newer\n" }) };
  expect(await world.merge(newer)).toMatchObject({
    outcome: "refused",
    kind: "head_moved",
    because: expect.stringContaining(pull.head.slice(0, 7)),
  });
  expect(world.kept.has(pull.number)).toBe(false);
  await letGo();
  expect(await world.show(pull)).toMatchObject({ state: "open", merged: false });
});

test("a head that moves while GitHub is at it is not merged", async () => {
  const pull = await world.open("moves-meanwhile");
  const letGo = world.github.holdMerges();
  await putOff(world.merge(pull, {}, 1));
  await world.push("moves-meanwhile", { "moves-meanwhile.txt": "newer\n" });
  await letGo();
  expect(await world.merge(pull, { unknown: true })).toMatchObject({ outcome: "refused", kind: "head_moved" });
});

test("what the rules say in the background is the same refusal", async () => {
  world.github.setRules("ann/till", { mergeQueue: {}, requiredApprovals: 1 });
  const pull = await world.open("rules-later");
  const because = expect.stringContaining("At least 1 approving review is required");
  expect(await world.merge(pull)).toMatchObject({ outcome: "refused", kind: "rules", because, refused: because });
});

test("a draft is refused at once", async () => {
  const pull = await world.open("draft-later", undefined, { draft: true });
  expect(await world.merge(pull)).toMatchObject({ outcome: "refused", kind: "draft" });
  expect(tries(pull)).toMatchObject([{ status: 400 }]);
});

test("F37: GitHub forgets after 24 hours, and then the pull request tells", async () => {
  const merged = await world.open("merged-meanwhile");
  const refused = await world.open("refused-meanwhile");
  const letGo = world.github.holdMerges();
  await putOff(world.merge(merged, {}, 1));
  await putOff(world.merge(refused, {}, 1));
  await world.ann.rest.pulls.createReview({ ...merged.at, event: "APPROVE" });
  world.github.setRules("ann/till", { mergeQueue: {}, requiredApprovals: 1 });
  await letGo();
  await until(async () => (await world.show(merged)).merged);
  later = 25 * 3_600_000;
  await world.renew();

  expect(await world.merge(merged, { unknown: true })).toMatchObject({ outcome: "merged" });
  expect(await putOff(world.merge(refused, { unknown: true }))).toMatchObject({ message: expect.stringContaining("forgotten") });
  // It is as good as never asked for: judged anew, and asked for anew.
  await world.ann.rest.pulls.createReview({ ...refused.at, event: "APPROVE" });
  expect(await world.merge(refused, { unknown: true })).toEqual({ outcome: "queued" });
  expect(tries(refused)).toHaveLength(2);
});
