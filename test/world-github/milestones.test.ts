import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld();
});
beforeEach(async () => {
  await world.github.deliveries.settled();
  world.receiver.received.length = 0;
});
afterAll(() => world.close());

const create = async (title: string) => (await world.tia.rest.issues.createMilestone({ ...till, title })).data;
const open = async (title: string, milestone?: number) => ({
  ...till,
  issue_number: (await world.ann.rest.issues.create({ ...till, title, ...(milestone ? { milestone } : {}) })).data.number,
});

test("a milestone counts its open and closed issues", async () => {
  const { number } = await create("v1");
  const first = await open("One", number);
  await open("Two", number);
  await world.ann.rest.issues.update({ ...first, state: "closed" });
  const { data } = await world.ann.rest.issues.getMilestone({ ...till, milestone_number: number });
  expect(data).toMatchObject({ title: "v1", state: "open", open_issues: 1, closed_issues: 1 });
  const { data: found } = await world.ann.rest.issues.listForRepo({ ...till, milestone: String(number), state: "all" });
  expect(found.map(({ title, milestone }) => [title, milestone?.title])).toEqual([
    ["Two", "v1"],
    ["One", "v1"],
  ]);
});

test("an issue that is put into another milestone is told as taken out and put in", async () => {
  const [from, to] = [await create("from"), await create("to")];
  const issue = await open("Moves", from.number);
  await world.tia.rest.issues.update({ ...issue, milestone: to.number });
  await world.tia.rest.issues.update({ ...issue, milestone: null });
  await world.github.deliveries.settled();
  const told = world.receiver.received.filter(({ event }) => event === "issues").map(({ payload }) => payload);
  expect(told.slice(1).map(({ action, milestone }) => [action, (milestone as { title: string }).title])).toEqual([
    ["milestoned", "from"],
    ["demilestoned", "from"],
    ["milestoned", "to"],
    ["demilestoned", "to"],
  ]);
  const { data } = await world.ann.rest.issues.listEventsForTimeline(issue);
  expect(data.map((act) => [act.event, "milestone" in act ? act.milestone.title : ""])).toEqual([
    ["milestoned", "from"],
    ["demilestoned", "from"],
    ["milestoned", "to"],
    ["demilestoned", "to"],
  ]);
});

test("a milestone is edited, closed and deleted, and each is told", async () => {
  const { number } = await create("v2");
  await world.tia.rest.issues.updateMilestone({ ...till, milestone_number: number, title: "v2.0", state: "closed" });
  expect((await world.ann.rest.issues.listMilestones({ ...till, state: "closed" })).data.map(({ title }) => title)).toEqual(["v2.0"]);
  const issue = await open("Left", number);
  await world.tia.rest.issues.deleteMilestone({ ...till, milestone_number: number });
  expect((await world.ann.rest.issues.get(issue)).data.milestone).toBeNull();
  await world.github.deliveries.settled();
  const names = world.receiver.names().filter((name) => name.startsWith("milestone."));
  expect(names).toEqual(["milestone.created", "milestone.edited", "milestone.closed", "milestone.deleted"]);
});

test("only those who may triage make milestones, and no two have one title", async () => {
  await create("unique");
  expect(await statusOf(world.rob.rest.issues.createMilestone({ ...till, title: "mine" }))).toBe(403);
  expect(await statusOf(world.tia.rest.issues.createMilestone({ ...till, title: "unique" }))).toBe(422);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
