import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { gitText } from "../world/github/git/run.ts";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld({ mostTreeEntries: 6 }, { private: true });
});
afterAll(() => world.close());

const blobs = `query ($oid: GitObjectID!) {
  repository(owner: "ann", name: "till") { object(oid: $oid) { oid ... on Blob { byteSize isBinary isTruncated text } } }
}`;
const blobAt = async (commit: string, path: string) => (await gitText(world.created.gitDir, ["rev-parse", `${commit}:${path}`])).trim();
const ask = async (oid: string, by = world.ann) =>
  ((await by.graphql(blobs, { oid })) as { repository: { object: unknown } }).repository.object;

test("GraphQL shows a text whole, a binary file without text, and cuts what is long", async () => {
  const files = { "a.txt": "café\n", "b.bin": "\0\u0001", "c.txt": "x".repeat(600_000) };
  const commit = await world.push("blobs", files);
  const [text, binary, long] = await Promise.all(["a.txt", "b.bin", "c.txt"].map((path) => blobAt(commit, path)));
  expect(await ask(text ?? "")).toEqual({ oid: text, byteSize: 6, isBinary: false, isTruncated: false, text: "café\n" });
  expect(await ask(binary ?? "")).toMatchObject({ byteSize: 2, isBinary: true, text: null });
  expect(await ask(long ?? "")).toMatchObject({ byteSize: 600_000, isTruncated: true, text: "x".repeat(512_000) });
  expect(await ask("0".repeat(40))).toBeNull();
});

test("a file is also found by its commit and path", async () => {
  const query = `{ repository(owner: "ann", name: "till") { object(expression: "main:src/sum.ts") { ... on Blob { text } } } }`;
  expect(await world.ann.graphql(query)).toEqual({ repository: { object: { text: "one\ntwo\nthree\n" } } });
});

test("an App without the permission for contents reads no blob", async () => {
  const app = await world.asApp({ permissions: { issues: "read" } });
  await expect(ask(await blobAt("main", "README.md"), app)).rejects.toThrow("Resource not accessible by integration");
});

test("a recursive tree that is too large says that it was cut", async () => {
  const whole = await world.ann.rest.git.getTree({ ...till, tree_sha: "main", recursive: "1" });
  expect([whole.data.truncated, whole.data.tree.length]).toEqual([false, 6]);
  const commit = await world.push("large", { "one-more.txt": "x\n" });
  const cut = await world.ann.rest.git.getTree({ ...till, tree_sha: commit, recursive: "1" });
  expect([cut.data.truncated, cut.data.tree.length]).toEqual([true, 6]);
  expect((await world.ann.rest.git.getTree({ ...till, tree_sha: commit })).data.truncated).toBe(false);
});

test("who moved a branch is told, the latest first", async () => {
  const first = await world.push("moved");
  const second = await world.push("moved", { "src/sum.ts": "again\n" }, { author: "ann" });
  const third = await world.push("moved", { "src/sum.ts": "other\n" }, { force: true });
  await world.ann.rest.git.deleteRef({ ...till, ref: "heads/moved" });
  const { data } = await world.ann.rest.repos.listActivities({ ...till, ref: "refs/heads/moved" });
  expect(data.map(({ activity_type, actor, before, after }) => [activity_type, actor?.login, before, after])).toEqual([
    ["branch_deletion", "ann", third, "0".repeat(40)],
    ["force_push", "bob", second, third],
    ["push", "ann", first, second],
    ["branch_creation", "bob", "0".repeat(40), first],
  ]);
  const { data: anns } = await world.ann.rest.repos.listActivities({ ...till, ref: "moved", actor: "ann", per_page: 1 });
  expect(anns.map(({ activity_type }) => activity_type)).toEqual(["branch_deletion"]);
  expect(await statusOf(world.eve.rest.repos.listActivities({ ...till }))).toBe(404);
});

test("a patch is left out where the head's attributes call a file binary", async () => {
  const files = { ".gitattributes": "*.sql -diff\n", "a.sql": "DROP TABLE users;\n", "a.txt": "shown\n" };
  await world.push("attributes", files);
  const { number } = (await world.bob.rest.pulls.create({ ...till, title: "x", head: "attributes", base: "main" })).data;
  const { data } = await world.bob.rest.pulls.listFiles({ ...till, pull_number: number });
  expect(Object.fromEntries(data.map(({ filename, patch }) => [filename, patch]))).toEqual({
    ".gitattributes": "@@ -0,0 +1 @@\n+*.sql -diff",
    "a.sql": undefined,
    "a.txt": "@@ -0,0 +1 @@\n+shown",
  });
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
