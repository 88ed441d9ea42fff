import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;
const shed = { owner: "ann", repo: "shed" };

beforeAll(async () => {
  world = await smallWorld();
  const files = { "README.md": "# Shed\n" };
  await world.github.createRepository({ owner: "ann", name: "shed", files, labels: ["critical"], private: true });
  world.github.install(world.app.id, "ann", ["shed"]);
});
beforeEach(async () => {
  await world.github.deliveries.settled();
  world.receiver.received.length = 0;
});
afterAll(() => world.close());

const open = async (title: string) => ({
  ...till,
  issue_number: (await world.ann.rest.issues.create({ ...till, title, labels: ["critical", "agent-ready"] })).data.number,
});
const issues = async () => {
  await world.github.deliveries.settled();
  return world.receiver.received.filter(({ event }) => event === "issues").map(({ payload }) => payload);
};

test("a transferred issue takes text, comments and known labels along, and its old number leads to it", async () => {
  const issue = await open("Moves");
  await world.bob.rest.issues.createComment({ ...issue, body: "Wait for me" });
  const number = world.github.transferIssue("ann/till", issue.issue_number, "ann/shed", "ann");
  const { data } = await world.ann.rest.issues.get(issue);
  expect([data.title, data.html_url, data.labels]).toMatchObject([
    "Moves",
    `${world.github.origin}/ann/shed/issues/${number}`,
    [{ name: "critical" }],
  ]);
  const { data: comments } = await world.ann.rest.issues.listComments({ ...shed, issue_number: number });
  expect(comments.map(({ body }) => body)).toEqual(["Wait for me"]);
  const { data: history } = await world.ann.rest.issues.listEventsForTimeline({ ...shed, issue_number: number });
  expect(history.at(-1)).toMatchObject({ event: "transferred", actor: { login: "ann" } });
  expect((await world.ann.rest.issues.listForRepo({ ...till, state: "all" })).data.map(({ title }) => title)).not.toContain("Moves");
});

test("a transfer is told in the old repository, and in the new one as an issue that opens", async () => {
  const issue = await open("Told");
  const number = world.github.transferIssue("ann/till", issue.issue_number, "ann/shed", "ann");
  expect((await issues()).slice(-2)).toMatchObject([
    {
      action: "transferred",
      issue: { number: issue.issue_number },
      repository: { name: "till" },
      changes: { new_issue: { number }, new_repository: { full_name: "ann/shed" } },
    },
    { action: "opened", issue: { number }, repository: { name: "shed" }, changes: { old_issue: { number: issue.issue_number } } },
  ]);
});

test("where the new place cannot be seen, a transferred issue is not found", async () => {
  const issue = await open("Hidden");
  world.github.transferIssue("ann/till", issue.issue_number, "ann/shed", "ann");
  expect(await statusOf(world.bob.rest.issues.get(issue))).toBe(404);
});

test("a deleted issue is gone, its number is not given again, and it is told", async () => {
  const issue = await open("Deleted");
  world.github.deleteIssue("ann/till", issue.issue_number, "ann");
  expect(await statusOf(world.ann.rest.issues.get(issue))).toBe(410);
  expect(await statusOf(world.ann.rest.issues.createComment({ ...issue, body: "x" }))).toBe(410);
  expect((await open("Next")).issue_number).toBe(issue.issue_number + 1);
  expect(await issues()).toContainEqual(expect.objectContaining({ action: "deleted", sender: expect.objectContaining({ login: "ann" }) }));
});

test("a locked issue takes comments only from those who may write, and says why", async () => {
  const issue = await open("Locked");
  await world.bob.rest.issues.lock({ ...issue, lock_reason: "too heated" });
  expect(await statusOf(world.rob.rest.issues.createComment({ ...issue, body: "but" }))).toBe(403);
  expect((await world.rob.rest.issues.get(issue)).data).toMatchObject({ locked: true, active_lock_reason: "too heated" });
  await world.bob.rest.issues.unlock(issue);
  await world.ann.rest.issues.update({ ...issue, state: "closed" });
  await world.ann.rest.issues.update({ ...issue, state: "open" });
  const { data } = await world.ann.rest.issues.listEventsForTimeline(issue);
  expect(data.map(({ event }) => event).slice(2)).toEqual(["locked", "unlocked", "closed", "reopened"]);
  expect((await issues()).map(({ action }) => action).slice(-4)).toEqual(["locked", "unlocked", "closed", "reopened"]);
});

test("a new title stands in the history with the old one and who changed it", async () => {
  const issue = await open("Before");
  await world.bob.rest.issues.update({ ...issue, title: "After" });
  const { data } = await world.ann.rest.issues.listEvents(issue);
  expect(data.at(-1)).toMatchObject({ event: "renamed", actor: { login: "bob" }, rename: { from: "Before", to: "After" } });
});

test("the comments of a repository come by the time they were changed, from a time on", async () => {
  const issue = await open("Discussed");
  const say = async (body: string) => (await world.ann.rest.issues.createComment({ ...issue, body })).data;
  const [first, second] = [await say("one"), await say("two")];
  const app = await world.asApp();
  const mine = (await app.rest.issues.createComment({ ...issue, body: "from the App" })).data;
  const bySelf = (await world.bob.rest.issues.updateComment({ ...till, comment_id: first.id, body: "one, edited" })).data;
  const { data } = await world.ann.rest.issues.listCommentsForRepo({
    ...till,
    sort: "created",
    direction: "desc",
    since: first.created_at,
  });
  expect(data.slice(0, 3).map(({ id }) => id)).toEqual([mine.id, second.id, first.id]);
  expect(data[0]?.performed_via_github_app?.slug).toBe("rig");
  expect(bySelf).toMatchObject({ user: { login: "ann" }, body: "one, edited" });
  expect((await world.ann.rest.issues.listCommentsForRepo({ ...till, since: "2999-01-01T00:00:00Z" })).data).toEqual([]);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
