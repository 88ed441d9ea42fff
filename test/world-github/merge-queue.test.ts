import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { anotherApp } from "./another-app.ts";
import { allPermissions, type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld();
});
beforeEach(() => world.github.setRules("ann/till", { mergeQueue: { method: "squash" }, requiredChecks: ["ci"] }));
afterAll(() => world.close());

async function open(branch: string) {
  const head = await world.push(branch, { [`${branch}.txt`]: "x\n" });
  const { data } = await world.bob.rest.pulls.create({ ...till, title: `Pull ${branch}`, head: branch, base: "main" });
  const pull = { ...till, pull_number: data.number };
  return { pull, head };
}
const later = "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async";
const result = "GET /repos/{owner}/{repo}/pulls/{pull_number}/merge-async/{uuid}";
const green = async (head_sha: string) =>
  (await world.asApp()).rest.checks.create({ ...till, name: "ci", head_sha, status: "completed", conclusion: "success" });

test("the branch's rules tell of the queue", async () => {
  const { data } = await world.ann.rest.repos.getBranchRules({ ...till, branch: "main" });
  expect(data.find(({ type }) => type === "merge_queue")).toMatchObject({
    parameters: { merge_method: "SQUASH", grouping_strategy: "ALLGREEN" },
  });
});

test("nobody merges past the queue, unless the bypass list names them", async () => {
  const { pull, head } = await open("straight");
  await green(head);
  await expect(world.ann.rest.pulls.merge(pull)).rejects.toMatchObject({
    status: 405,
    response: { data: { message: "Repository rule violations found\n\nChanges must be made through the merge queue" } },
  });
  world.github.setRules("ann/till", { mergeQueue: {}, bypassActors: [{ type: "User", id: world.people.bob.id, mode: "pull_request" }] });
  expect(await statusOf(world.ann.rest.pulls.merge(pull))).toBe(405);
  expect(await statusOf(world.bob.rest.pulls.merge(pull))).toBe(200);
});

test("a merge in the background is accepted before the rules are asked, one at a time", async () => {
  const { pull, head } = await open("accepted");
  const letGo = world.github.holdMerges();
  const { status, data } = await world.ann.request(later, { ...pull, sha: head, merge_method: "squash" });
  expect([status, data]).toEqual([
    202,
    {
      status: "pending",
      details: {
        message: expect.any(String),
        uuid: expect.any(String),
        merge_method: "squash",
        merge_action: "default",
        expected_head_sha: head,
      },
    },
  ]);
  const { uuid } = data.details as { readonly uuid: string };
  await expect(world.bob.request(later, pull)).rejects.toMatchObject({ status: 409, response: { data: { details: { uuid } } } });
  expect((await world.ann.request(result, { ...pull, uuid })).data).toMatchObject({ status: "pending" });
  await letGo();
  expect((await world.ann.request(result, { ...pull, uuid })).data).toMatchObject({
    status: "failed",
    details: { message: expect.stringContaining('Required status check "ci" is expected.') },
  });
  await expect(world.ann.request(result, { ...pull, uuid: "630b9d5e-3f2a-4f7e-8b0c-2d5f9a8c1e42" })).rejects.toMatchObject({ status: 404 });
});

test("without a queue it is merged straight away, and with one it waits there", async () => {
  const { pull: direct, head } = await open("direct");
  await green(head);
  world.github.setRules("ann/till", { requiredChecks: ["ci"] });
  let letGo = world.github.holdMerges();
  await world.ann.request(later, direct);
  await letGo();
  const { data } = await world.ann.rest.pulls.get(direct);
  expect(data).toMatchObject({ merged: true, merged_by: { login: "ann" } });
  expect((await world.ann.request(later, direct)).data).toMatchObject({ status: "merged", details: { sha: data.merge_commit_sha } });

  world.github.setRules("ann/till", { mergeQueue: {}, requiredChecks: ["ci"] });
  const { pull: waits, head: waiting } = await open("waits");
  await green(waiting);
  letGo = world.github.holdMerges();
  await world.ann.request(later, waits);
  await letGo();
  expect((await world.ann.request(later, waits)).data).toEqual({
    status: "enqueued",
    details: { message: "Pull request is already in the merge queue." },
  });
  await world.ann.rest.pulls.update({ ...waits, state: "closed" });
});

test("what is closed or another head is refused at once", async () => {
  const { pull } = await open("refused");
  await expect(world.ann.request(later, { ...pull, sha: "a".repeat(40) })).rejects.toMatchObject({
    status: 400,
    response: { data: { status: "failed", details: { message: expect.stringContaining("Head branch was modified") } } },
  });
  await world.ann.rest.pulls.update({ ...pull, state: "closed" });
  await expect(world.ann.request(later, pull)).rejects.toMatchObject({ status: 400 });
  expect(await statusOf(world.rob.request(later, pull))).toBe(403);
});

test("an App sees and hears the queue only with the permission for it", async () => {
  const events = ["merge_group"];
  const { url: webhookUrl } = world.receiver;
  const hook = { events, webhookUrl, webhookSecret: world.secret };
  expect(() => anotherApp(world.github, { slug: "deaf", permissions: allPermissions, ...hook })).toThrow(/merge_queues/);
  const deaf = anotherApp(world.github, { slug: "deaf", permissions: allPermissions });
  const permissions = { ...allPermissions, merge_queues: "read" } as const;
  const hearing = anotherApp(world.github, { slug: "hearing", permissions, ...hook });
  const { pull, head } = await open("heard");
  await green(head);
  const letGo = world.github.holdMerges();
  await world.ann.request(later, pull);
  await letGo();
  const query = `query { repository(owner: "ann", name: "till") { pullRequest(number: ${pull.pull_number}) {
    isInMergeQueue mergeQueueEntry { state position headCommit { oid } baseCommit { oid } } } } }`;
  const ask = async (app: typeof deaf) => (await app.client()).graphql(query);
  await expect(ask(deaf)).rejects.toThrow("Resource not accessible by integration");
  const main = (await world.ann.rest.repos.getBranch({ ...till, branch: "main" })).data.commit.sha;
  expect(await ask(hearing)).toEqual({
    repository: {
      pullRequest: {
        isInMergeQueue: true,
        mergeQueueEntry: {
          state: "AWAITING_CHECKS",
          position: 1,
          headCommit: { oid: expect.stringMatching(/^[0-9a-f]{40}$/) },
          baseCommit: { oid: main },
        },
      },
    },
  });
  await world.github.deliveries.settled();
  const heard = world.receiver.received.filter(({ event, payload }) => event === "merge_group" && payload.action === "checks_requested");
  expect(heard).toMatchObject([
    { payload: { merge_group: { base_sha: main, base_ref: "refs/heads/main" }, sender: { login: "github-merge-queue[bot]" } } },
  ]);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
