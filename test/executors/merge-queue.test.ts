/** GitHub's merge queue as the Rig sees it: where a pull request stands, on which commit it is tried out, and how it leaves. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { mergeGroups } from "../../app/intake/merge-groups.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { observeQueueEntry } from "../../app/observe/merge-queue.ts";
import { till } from "../world-github/small-world.ts";
import { type MergingWorld, mergingWorld, until } from "./merging.ts";

let world: MergingWorld;
beforeAll(async () => {
  world = await mergingWorld({ mergeQueue: { method: "squash" }, requiredChecks: ["ci"] });
});
afterAll(async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
  await world.close();
});

type Pull = Awaited<ReturnType<MergingWorld["open"]>>;

const reader = () => ({ octokit: world.app(), ...till, memory: createMemory() });
const place = ({ number }: Pull) => observeQueueEntry(reader(), { number, base: "main" });
const conclude = (head_sha: string, conclusion: "success" | "failure") =>
  world.app().rest.checks.create({ ...till, name: "ci", head_sha, status: "completed", conclusion });
const timeline = async ({ number }: Pull) =>
  (await world.ann.rest.issues.listEvents({ ...till, issue_number: number })).data.map(({ event }) => event);

/** A green pull request that is put into the queue; answers the commit that it is tried out on. */
async function queued(branch: string) {
  const pull = await world.open(branch);
  await conclude(pull.head, "success");
  expect(await world.merge(pull)).toEqual({ outcome: "queued" });
  const group = await until(() => observeQueueEntry(reader(), { number: pull.number, base: "main" }).then((entry) => entry?.group));
  return { pull, group };
}

const told = async (action: string, { number }: Pull) => {
  await world.github.deliveries.settled();
  return world.receiver.received
    .filter(({ event, payload }) => event === "merge_group" && payload.action === action)
    .map(({ payload }) => payload as unknown as EmitterWebhookEvent<"merge_group">["payload"])
    .find(({ merge_group }) => merge_group.head_ref.includes(`/pr-${number}-`));
};

test("what passes its checks on top of the base is merged by the queue", async () => {
  const base = await world.main();
  const { pull, group } = await queued("passes");
  expect(group.baseSha).toBe(base);
  expect(group.headSha).not.toBe(pull.head);
  expect(await place(pull)).toMatchObject({ state: "AWAITING_CHECKS" });
  expect(await timeline(pull)).toContain("added_to_merge_queue");

  const asked = await told("checks_requested", pull);
  expect(asked?.merge_group).toMatchObject({ head_sha: group.headSha, base_sha: base });
  if (!asked) throw new Error("Nothing was told.");
  expect(mergeGroups({ id: "", name: "merge_group", payload: asked })).toEqual([
    { repositoryId: world.created.id, at: { pullRequest: pull.number } },
  ]);

  await conclude(group.headSha, "success");
  await until(async () => (await world.show(pull)).merged);
  // The branch moves in the same breath, and is seen a moment later.
  await until(async () => (await world.main()) === group.headSha);
  expect(await world.show(pull)).toMatchObject({ merge_commit_sha: group.headSha, merged_by: { login: "github-merge-queue[bot]" } });
  expect(await world.merge(pull)).toEqual({ outcome: "merged", mergeSha: group.headSha });
  expect(await place(pull)).toBeUndefined();
  expect(await until(() => told("destroyed", pull))).toMatchObject({ reason: "merged" });
});

test("what fails there is dropped, stays open, and may be put there again", async () => {
  const { pull, group } = await queued("fails");
  await conclude(group.headSha, "failure");
  await until(async () => (await place(pull)) === undefined);
  expect(await world.show(pull)).toMatchObject({ state: "open", merged: false });
  expect(await timeline(pull)).toContain("removed_from_merge_queue");
  expect(await told("destroyed", pull)).toMatchObject({ reason: "dequeued" });
  const dequeued = world.receiver.received.find(
    ({ event, payload }) => event === "pull_request" && payload.action === "dequeued" && payload.number === pull.number,
  );
  expect(dequeued?.payload).toMatchObject({ reason: "CI_FAILURE" });
  expect(await world.merge(pull)).toEqual({ outcome: "queued" });
  await world.ann.rest.pulls.update({ ...pull.at, state: "closed" });
  await until(async () => (await place(pull)) === undefined);
});

test("a push to its branch takes it out", async () => {
  const { pull } = await queued("pushed");
  await world.push("pushed", { "pushed.txt": "newer\n" });
  await until(async () => (await place(pull)) === undefined);
  expect(await world.show(pull)).toMatchObject({ state: "open", merged: false });
});

test("the second is tried out on top of the first, and anew when the first is dropped", async () => {
  const first = await queued("first");
  const second = await queued("second");
  expect(second.group.baseSha).toBe(first.group.headSha);
  await conclude(second.group.headSha, "success");
  expect(await world.show(second.pull)).toMatchObject({ merged: false });
  await conclude(first.group.headSha, "failure");
  const again = await until(async () => {
    const group = (await place(second.pull))?.group;
    return group?.headSha === second.group.headSha ? undefined : group;
  });
  expect(again.baseSha).toBe(await world.main());
  await conclude(again.headSha, "success");
  await until(async () => (await world.show(second.pull)).merged);
  expect(await world.show(first.pull)).toMatchObject({ merged: false });
});

test("where the branch has no queue nothing more is asked", async () => {
  world.github.setRules("ann/till", {});
  const before = world.github.reads.get("graphql") ?? 0;
  expect(await observeQueueEntry(reader(), { number: 1, base: "main" })).toBeUndefined();
  expect(world.github.reads.get("graphql") ?? 0).toBe(before);
});

test("a branch that names no pull request leads nowhere", () => {
  const payload = { merge_group: { head_ref: "refs/heads/gh-readonly-queue/main/nothing" }, repository: { id: 1 } };
  expect(mergeGroups({ id: "", name: "merge_group", payload } as unknown as EmitterWebhookEvent<"merge_group">)).toEqual([]);
});
