import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, statusOf } from "./small-world.ts";

let world: SmallWorld;
const shop = { owner: "acme", repo: "shop" };
const vault = { owner: "acme", repo: "vault" };

beforeAll(async () => {
  world = await smallWorld();
  world.github.createOrganization("acme");
  const files = { "README.md": "# Here\n" };
  await world.github.createRepository({ owner: "acme", name: "shop", files, collaborators: { ann: "admin", tia: "triage", rob: "read" } });
  await world.github.createRepository({ owner: "acme", name: "vault", files, collaborators: { ann: "admin" }, private: true });
  world.github.install(world.app.id, "acme", ["shop"]);
});
afterAll(() => world.close());

const open = async (repository: typeof shop, title: string) => {
  const { data } = await world.ann.rest.issues.create({ ...repository, title });
  return { at: { ...repository, issue_number: data.number }, id: data.id };
};
const titles = (issues: readonly { title: string }[]) => issues.map(({ title }) => title);

test("an issue is blocked by another, and the other says that it blocks", async () => {
  const [late, first] = [await open(shop, "Late"), await open(shop, "First")];
  await world.tia.rest.issues.addBlockedByDependency({ ...late.at, issue_id: first.id });
  expect(titles((await world.rob.rest.issues.listDependenciesBlockedBy(late.at)).data)).toEqual(["First"]);
  expect(titles((await world.rob.rest.issues.listDependenciesBlocking(first.at)).data)).toEqual(["Late"]);
  await world.ann.rest.issues.update({ ...first.at, state: "closed" });
  const { data } = await world.ann.rest.issues.get(late.at);
  expect(data.issue_dependencies_summary).toMatchObject({ blocked_by: 0, total_blocked_by: 1 });
});

test("a dependency leads into another repository, seen by those who may look there", async () => {
  const [late, hidden] = [await open(shop, "Waits"), await open(vault, "Hidden")];
  await world.ann.rest.issues.addBlockedByDependency({ ...late.at, issue_id: hidden.id });
  const { data } = await world.ann.rest.issues.listDependenciesBlockedBy(late.at);
  expect(data.map(({ repository_url, number }) => [repository_url.split("/repos/")[1], number])).toEqual([
    ["acme/vault", hidden.at.issue_number],
  ]);
  expect((await world.rob.rest.issues.listDependenciesBlockedBy(late.at)).data).toEqual([]);
});

test("it is told, stands in the history, and goes again", async () => {
  const [late, first] = [await open(shop, "Then"), await open(shop, "Now")];
  await world.ann.rest.issues.addBlockedByDependency({ ...late.at, issue_id: first.id });
  await world.ann.rest.issues.removeDependencyBlockedBy({ ...late.at, issue_id: first.id });
  expect((await world.ann.rest.issues.listDependenciesBlockedBy(late.at)).data).toEqual([]);
  const { data } = await world.ann.rest.issues.listEventsForTimeline(late.at);
  expect(data.map(({ event }) => event)).toEqual(["blocked_by_added", "blocked_by_removed"]);
  await world.github.deliveries.settled();
  expect(
    world.receiver
      .names()
      .filter((name) => name.startsWith("issue_dependencies"))
      .slice(-4),
  ).toEqual([
    "issue_dependencies.blocked_by_added",
    "issue_dependencies.blocking_added",
    "issue_dependencies.blocked_by_removed",
    "issue_dependencies.blocking_removed",
  ]);
});

test("nonsense is refused", async () => {
  const [one, two] = [await open(shop, "A"), await open(shop, "B")];
  const block = (issue_id: number, by = world.ann) => statusOf(by.rest.issues.addBlockedByDependency({ ...one.at, issue_id }));
  expect(await block(one.id)).toBe(422);
  expect(await block(4)).toBe(404);
  expect(await block(two.id, world.rob)).toBe(403);
  expect(await block(two.id)).toBe(200);
  expect(await block(two.id)).toBe(422);
  expect(await statusOf(world.ann.rest.issues.removeDependencyBlockedBy({ ...two.at, issue_id: one.id }))).toBe(404);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
