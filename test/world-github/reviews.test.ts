import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;
let pull: { owner: string; repo: string; pull_number: number };
let n = 0;

beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

async function open() {
  n += 1;
  await world.push(`change-${n}`, { [`file-${n}.txt`]: "x\n" });
  const { data } = await world.bob.rest.pulls.create({ ...till, title: "Change", head: `change-${n}`, base: "main" });
  pull = { ...till, pull_number: data.number };
}
const setRules = (rules: Parameters<SmallWorld["github"]["setRules"]>[1]) => world.github.setRules("ann/till", rules);
const states = async () => (await world.ann.rest.pulls.listReviews(pull)).data.map(({ state }) => state);
const merges = () => statusOf(world.ann.rest.pulls.merge(pull));

test("nobody approves or refuses their own pull request, but may comment on it", async () => {
  await open();
  expect(await statusOf(world.bob.rest.pulls.createReview({ ...pull, event: "APPROVE" }))).toBe(422);
  expect(await statusOf(world.bob.rest.pulls.createReview({ ...pull, event: "REQUEST_CHANGES", body: "no" }))).toBe(422);
  expect(await statusOf(world.bob.rest.pulls.createReview({ ...pull, event: "COMMENT", body: "hm" }))).toBe(200);
  expect(await states()).toEqual(["COMMENTED"]);
});

test("a review belongs to the head it saw, and names its commit and time", async () => {
  await open();
  const saw = (await world.ann.rest.pulls.get(pull)).data.head.sha;
  await world.ann.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  await world.push(`change-${n}`, { [`file-${n}.txt`]: "y\n" });
  const [review] = (await world.ann.rest.pulls.listReviews(pull)).data;
  expect(review).toMatchObject({ state: "APPROVED", commit_id: saw, user: { login: "ann" }, author_association: "OWNER" });
  expect(Date.parse(review?.submitted_at ?? "")).not.toBeNaN();
});

test("changes cannot be requested without a word", async () => {
  await open();
  expect(await statusOf(world.ann.rest.pulls.createReview({ ...pull, event: "REQUEST_CHANGES" }))).toBe(422);
  expect(await states()).toEqual([]);
});

test("a dismissed review stays in the list as dismissed", async () => {
  await open();
  const { data } = await world.ann.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await statusOf(world.tia.rest.pulls.dismissReview({ ...pull, review_id: data.id, message: "no" }))).toBe(403);
  await world.ann.rest.pulls.dismissReview({ ...pull, review_id: data.id, message: "changed my mind" });
  expect(await states()).toEqual(["DISMISSED"]);
  await world.github.deliveries.settled();
  expect(world.receiver.names()).toContain("pull_request_review.dismissed");
});

test("a pending review is its author's alone until it is submitted", async () => {
  await open();
  const { data } = await world.ann.rest.pulls.createReview({ ...pull, body: "later" });
  expect((await world.bob.rest.pulls.listReviews(pull)).data).toEqual([]);
  await world.ann.rest.pulls.submitReview({ ...pull, review_id: data.id, event: "COMMENT" });
  expect((await world.bob.rest.pulls.listReviews(pull)).data).toHaveLength(1);
});

test("required approvals hold the merge until somebody with the write role approves", async () => {
  setRules({ requiredApprovals: 1 });
  await open();
  expect(await merges()).toBe(405);
  await world.rob.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await merges()).toBe(405);
  await world.ann.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  await world.ann.rest.pulls.createReview({ ...pull, event: "COMMENT", body: "still fine" });
  expect(await merges()).toBe(200);
});

test("who requested changes holds the merge until they approve", async () => {
  setRules({ requiredApprovals: 1 });
  await open();
  world.github.setCollaborator("ann/till", "tia", "write");
  await world.tia.rest.pulls.createReview({ ...pull, event: "REQUEST_CHANGES", body: "not yet" });
  await world.ann.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await merges()).toBe(405);
  await world.tia.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await merges()).toBe(200);
});

test("a push takes approvals back where the rules say so, and the last pusher's does not count", async () => {
  setRules({ requiredApprovals: 1, dismissStaleReviews: true, requireLastPushApproval: true });
  await open();
  await world.ann.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  await world.push(`change-${n}`, { [`file-${n}.txt`]: "y\n" }, { author: "ann" });
  expect(await states()).toEqual(["DISMISSED"]);
  await world.ann.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await merges()).toBe(405);
  await world.tia.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await merges()).toBe(200);
});

test("required checks hold the merge until they conclude well, from the App that the rules name", async () => {
  setRules({ requiredChecks: ["rig/gates"], checkSources: { "rig/gates": world.app.id } });
  await open();
  const app = await world.asApp();
  const { sha: head_sha } = (await world.ann.rest.pulls.get(pull)).data.head;
  expect(await merges()).toBe(405);
  await world.ann.rest.repos.createCommitStatus({ ...till, sha: head_sha, state: "success", context: "rig/gates" });
  expect(await merges()).toBe(405);
  const { data } = await app.rest.checks.create({ ...till, name: "rig/gates", head_sha, conclusion: "failure" });
  expect(await merges()).toBe(405);
  expect((await world.ann.rest.pulls.get(pull)).data.mergeable_state).toBe("blocked");
  await app.rest.checks.update({ ...till, check_run_id: data.id, conclusion: "success" });
  expect(await merges()).toBe(200);
});

test("the owners of what was changed hold the merge where the rules say so", async () => {
  setRules({});
  const files = { ".github/CODEOWNERS": "* @ann\n/db/ @tia\n" };
  await world.github.pushFiles({ repository: "ann/till", branch: "main", author: "ann", message: "Owners", files });
  setRules({ requiredApprovals: 1, requireCodeOwnerReview: true });
  n += 1;
  await world.push(`change-${n}`, { "db/one.sql": "select 1;\n" });
  const { data } = await world.bob.rest.pulls.create({ ...till, title: "Change", head: `change-${n}`, base: "main" });
  pull = { ...till, pull_number: data.number };
  await world.ann.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await merges()).toBe(405);
  await world.tia.rest.pulls.createReview({ ...pull, event: "APPROVE" });
  expect(await merges()).toBe(200);
});

test("a branch's rules can be read", async () => {
  setRules({
    requiredChecks: ["ci", "rig/gates"],
    checkSources: { "rig/gates": world.app.id },
    requiredApprovals: 1,
    requireCodeOwnerReview: true,
  });
  const { data } = await world.ann.rest.repos.getBranchRules({ ...till, branch: "main" });
  expect(data.map(({ type }) => type)).toEqual(["deletion", "non_fast_forward", "pull_request", "required_status_checks"]);
  expect(data.at(-1)).toMatchObject({
    parameters: { required_status_checks: [{ context: "ci" }, { context: "rig/gates", integration_id: world.app.id }] },
  });
  expect((await world.ann.rest.repos.getBranchRules({ ...till, branch: "side" })).data).toEqual([]);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
});
