import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;
const issue = { ...till, issue_number: 1 };
const path = /\/issues\/1\/comments$/;

beforeAll(async () => {
  world = await smallWorld();
  await world.ann.rest.issues.create({ ...till, title: "One" });
});
afterAll(() => world.close());

const comment = (body: string) => world.ann.rest.issues.createComment({ ...issue, body });
const bodies = async () => (await world.ann.rest.issues.listComments(issue)).data.map(({ body }) => body);

test("it can do what it was asked and answer 502", async () => {
  world.github.faults.next({ method: "POST", path, kind: "502-after-write" });
  expect(await statusOf(comment("done"))).toBe(502);
  expect(await bodies()).toEqual(["done"]);
  expect(world.github.writes.at(-1)).toMatchObject({ operation: "issues/create-comment", status: 201 });
});

test.each([
  ["502", 502],
  ["503", 503],
  ["secondary-limit", 403],
  ["429", 429],
] as const)("%s answers %d and does nothing", async (kind, status) => {
  const before = await bodies();
  world.github.faults.next({ method: "POST", path, kind });
  expect(await statusOf(comment(kind))).toBe(status);
  expect(await bodies()).toEqual(before);
  expect(world.github.writes.at(-1)).toMatchObject({ status });
});

test("limits say when to come back", async () => {
  world.github.faults.next({ method: "GET", path, kind: "secondary-limit" });
  const refused = world.ann.rest.issues.listComments(issue);
  await expect(refused).rejects.toMatchObject({
    response: { headers: { "retry-after": "1" } },
    message: expect.stringContaining("secondary rate limit"),
  });
});

test("a connection can be reset, or never answered", async () => {
  const url = `${world.github.apiUrl}/repos/ann/till/issues/1/comments`;
  world.github.faults.next({ method: "GET", path, kind: "reset" });
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  world.github.faults.next({ method: "GET", path, kind: "hang" });
  await expect(fetch(url, { signal: AbortSignal.timeout(100) })).rejects.toThrow("timeout");
});

test("a read can be stale: what it answered the last time", async () => {
  const before = await bodies();
  await comment("too new to be seen");
  world.github.faults.next({ method: "GET", path, kind: "stale" });
  expect(await bodies()).toEqual(before);
  expect(await bodies()).toEqual([...before, "too new to be seen"]);
});

test("a fault comes as often as it was told and only where it fits", async () => {
  world.github.faults.next({ method: "POST", path, kind: "503", times: 2 });
  expect(await statusOf(world.ann.rest.issues.addLabels({ ...issue, labels: ["x"] }))).toBe(200);
  expect([await statusOf(comment("a")), await statusOf(comment("b")), await statusOf(comment("c"))]).toEqual([503, 503, 200]);
  expect(world.github.faults.pending()).toEqual([]);
});
