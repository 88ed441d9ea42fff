/** F28: which way a pull request's changes are read, what that costs, and what is said where neither leads there. */
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type ComparedPullRequest, observeChanges } from "../../app/observe/changes.ts";
import { withFetched } from "../../app/observe/fetched.ts";
import { git, gitText } from "../world/github/git/run.ts";
import { type SmallWorld, smallWorld } from "../world-github/small-world.ts";
import { openWith, readerOf, type Tree } from "./support/trees.ts";

const MOST_TREE_ENTRIES = 400;

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld({ mostTreeEntries: MOST_TREE_ENTRIES });
});
afterEach(() => world.github.faults.clear());
afterAll(() => world.close());

const files = (count: number, text: string): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`src/part-${n}/file.ts`, `one\n${text} ${n}\nthree\n`]));

const open = (name: string, count: number) => openWith(world, name, files(count, "before"), files(count, "after"));
const fetchedFrom = (clone_url: string, pr: ComparedPullRequest) => ({ ...pr, base: { ...pr.base, repo: { clone_url } } });
/** Leaves only the API: there is nothing to fetch from. */
const nowhere = (pr: ComparedPullRequest) => fetchedFrom(`${world.github.origin}/ann/nowhere.git`, pr);

/** Fetches are not counted among calls. */
async function counted(look: () => Promise<unknown>) {
  world.github.calls.reset();
  const before = [...world.github.reads].reduce((sum, [, times]) => sum + times, 0);
  await look();
  expect([...world.github.reads].reduce((sum, [, times]) => sum + times, 0)).toBeGreaterThan(before);
  return world.github.calls.counted(world.installationId) + world.github.calls.countedGraphql(world.installationId);
}

test("ten changed files cost five calls, forty cost the same", async () => {
  const reader = readerOf(world);
  const [ten, forty] = [await open("ten", 10), await open("forty", 40)];
  expect(await counted(() => observeChanges(reader, nowhere(ten)))).toBe(5);
  expect(await counted(() => observeChanges(reader, nowhere(forty)))).toBe(5);
});

test("files that come to more than one answer can hold are asked for in several", async () => {
  const text = (what: string) =>
    Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`${n}.txt`, `${what} ${n}\n`.repeat(30_000).slice(0, 390_000)]));
  const pr = await openWith(world, "heavy", {}, text("much"));
  const heavy = await observeChanges(readerOf(world), nowhere(pr));
  expect(heavy).toMatchObject({ complete: true });
  expect(heavy.files).toHaveLength(9);
});

test("a tree that GitHub cuts sends the look to git's own objects", async () => {
  const pr = await open("cut", MOST_TREE_ENTRIES);
  const seen = await observeChanges(readerOf(world), pr);
  expect(seen.complete).toBe(true);
  expect(seen.files).toHaveLength(MOST_TREE_ENTRIES);
  expect(seen.files[0]?.added).toEqual([{ line: 2, text: "after 0" }]);
});

test("a list that is shorter than the pull request says is not believed", async () => {
  const pr = await open("short", 3);
  const seen = await observeChanges(readerOf(world), { ...pr, changed_files: 4 });
  expect(seen.files.map(({ path }) => path)).toEqual(["src/part-0/file.ts", "src/part-1/file.ts", "src/part-2/file.ts"]);
  expect(await observeChanges(readerOf(world), nowhere({ ...pr, changed_files: 4 }))).toMatchObject({ complete: false });
});

test("a list of another head than the one that is looked at is not believed", async () => {
  const pr = await open("moves", 2);
  await world.push("moves", { "src/part-9/late.ts": "DROP TABLE users;\n", "src/part-0/file.ts": "one\nbefore 0\nthree\n" });
  const seen = await observeChanges(readerOf(world), pr);
  expect(seen.files.map(({ path }) => path)).toEqual(["src/part-0/file.ts", "src/part-1/file.ts"]);
  expect(await observeChanges(readerOf(world), nowhere(pr))).toMatchObject({ complete: false });
});

test("more than 3,000 files are all seen", async () => {
  const pr = await open("many", 3_050);
  const seen = await observeChanges(readerOf(world), pr);
  expect([pr.changed_files, seen.complete, seen.files.length]).toEqual([3_050, true, 3_050]);
});

test("where neither way leads there, it says why, and which names are known", async () => {
  const pr = await open("neither", 2);
  expect(await observeChanges(readerOf(world), nowhere({ ...pr, changed_files: 3 }))).toEqual({
    complete: false,
    because: "GitHub's API does not show all of its 3 files, and git could not fetch them",
    files: ["src/part-0/file.ts", "src/part-1/file.ts"].map((path) => ({ path, added: [], removed: [], unreadable: "not read" })),
  });
});

test("a head that has nothing in common with its base is not complete", async () => {
  const pr = await open("alone", 1);
  const apart = { ...pr, base: { ...pr.base, sha: world.created.headSha } };
  expect(await observeChanges(readerOf(world), apart)).toEqual({
    ...{ complete: false, files: [] },
    because: "its head and its base have no commit in common",
  });
});

test.each(["502", "503", "429", "secondary-limit"] as const)("an answer %s is no answer: the look is repeated", async (kind) => {
  const pr = await open(`fault-${kind}`, 1);
  for (const [method, path] of [
    ["GET", /\/compare\//],
    ["GET", /\/files$/],
    ["GET", /\/git\/trees\//],
    ["POST", /^\/graphql$/],
  ] as const) {
    world.github.faults.next({ method, path, kind });
    await expect(observeChanges(readerOf(world), pr)).rejects.toMatchObject({ status: expect.any(Number) });
    expect(world.github.faults.pending()).toEqual([]);
  }
});

test("a place that cannot be reached is no answer either", async () => {
  const pr = await open("unreachable", 1);
  const unreachable = fetchedFrom("http://127.0.0.1:1/till.git", { ...pr, changed_files: 2 });
  await expect(observeChanges(readerOf(world), unreachable)).rejects.toThrow("Failed to connect");
});

test("the token that fetches stands in no file of the repository, and nothing is left behind", async () => {
  const pr = await open("token", 1);
  const reader = readerOf(world);
  const { token } = (await reader.octokit.auth({ type: "installation" })) as { token: string };
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  const place = await withFetched(reader, pr.base.repo.clone_url, [pr.head.sha], async ({ gitDir, bring }) => {
    await bring([(await gitText(gitDir, ["rev-parse", `${pr.head.sha}:src/part-0/file.ts`])).trim()]);
    const found = await git("/", ["grep", "--no-index", "-l", "-e", token, "-e", basic, "--", gitDir]).catch(() => Buffer.from(""));
    expect(found.toString()).toBe("");
    expect(await readdir(gitDir)).toContain("objects");
    return gitDir;
  });
  expect((await readdir(tmpdir())).filter((name) => place.endsWith(name))).toEqual([]);
});

test("a first fetch brings names only, and content when it is asked for", async () => {
  const pr = await open("lean", 2);
  await withFetched(readerOf(world), pr.base.repo.clone_url, [pr.head.sha], async ({ gitDir, bring }) => {
    const kinds = async () => (await gitText(gitDir, ["cat-file", "--batch-all-objects", "--batch-check=%(objecttype)"])).split("\n");
    expect(await kinds()).not.toContain("blob");
    const ids = (await gitText(gitDir, ["ls-tree", "-r", "--format=%(objectname)", pr.head.sha])).trim().split("\n");
    await bring(ids);
    expect((await kinds()).filter((kind) => kind === "blob")).toHaveLength(2);
  });
});

test("all of it agrees with GitHub's own description", () => {
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
