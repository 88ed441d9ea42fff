import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

async function open(branch: string, files?: Record<string, string | null>, more: object = {}) {
  await world.push(branch, files);
  const { data } = await world.bob.rest.pulls.create({ ...till, title: `Pull ${branch}`, head: branch, base: "main", ...more });
  return { ...till, pull_number: data.number };
}
const headOf = async (pull: { pull_number: number }) => (await world.ann.rest.pulls.get({ ...till, ...pull })).data.head.sha;

test("a push to the head branch over HTTP moves the pull request and is told", async () => {
  const pull = await open("moves");
  const before = await headOf(pull);
  const after = await world.push("moves", { "src/sum.ts": "one\ntwo\nmoved\n" });
  expect(await headOf(pull)).toBe(after);
  await world.github.deliveries.settled();
  const told = world.receiver.received.find(({ event, payload }) => event === "pull_request" && payload.action === "synchronize");
  expect(told?.payload).toMatchObject({ before, after, pull_request: { head: { sha: after } }, sender: { login: "bob" } });
  const push = world.receiver.received.find(({ event, payload }) => event === "push" && payload.after === after);
  expect(push?.payload).toMatchObject({ ref: "refs/heads/moves", before, forced: false, commits: [{ modified: ["src/sum.ts"] }] });
});

test("a rewritten history is told as forced", async () => {
  const pull = await open("rewritten");
  const after = await world.push("rewritten", { "src/sum.ts": "other\n" }, { force: true });
  await world.github.deliveries.settled();
  expect(world.receiver.received.find(({ event, payload }) => event === "push" && payload.after === after)?.payload.forced).toBe(true);
  const { data } = await world.ann.rest.issues.listEvents({ ...till, issue_number: pull.pull_number });
  expect(data.map(({ event }) => event)).toContain("head_ref_force_pushed");
});

test("GitHub knows whether it can be merged only after it was asked once", async () => {
  const pull = await open("asked");
  expect((await world.ann.rest.pulls.get({ ...pull, pull_number: pull.pull_number })).data.mergeable).toBe(true);
  await world.push("asked", { "src/sum.ts": "again\n" });
  expect((await world.ann.rest.pulls.get(pull)).data).toMatchObject({ mergeable: null, mergeable_state: "unknown" });
  expect((await world.ann.rest.pulls.get(pull)).data).toMatchObject({ mergeable: true, mergeable_state: "clean" });
});

test("a merge that names another head is refused with 409 and changes nothing", async () => {
  const pull = await open("stale");
  const stale = await headOf(pull);
  const now = await world.push("stale", { "src/sum.ts": "one\ntwo\nnewer\n" });
  expect(await statusOf(world.ann.rest.pulls.merge({ ...pull, sha: stale }))).toBe(409);
  expect((await world.ann.rest.pulls.get(pull)).data).toMatchObject({ merged: false, state: "open" });
  expect(await statusOf(world.ann.rest.pulls.merge({ ...pull, sha: now }))).toBe(200);
});

test("a conflict cannot be merged", async () => {
  const pull = await open("conflicts", { "src/sum.ts": "mine\n" });
  const other = await open("arrives-first", { "src/sum.ts": "theirs\n" });
  await world.ann.rest.pulls.merge(other);
  await world.ann.rest.pulls.get(pull);
  expect((await world.ann.rest.pulls.get(pull)).data).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
  expect(await statusOf(world.ann.rest.pulls.merge(pull))).toBe(405);
});

test("a draft cannot be merged until it is ready", async () => {
  const pull = await open("draft", { "draft.txt": "x\n" }, { draft: true });
  expect(await statusOf(world.ann.rest.pulls.merge(pull))).toBe(405);
  await world.github.readyForReview("ann/till", pull.pull_number, "bob");
  expect(await statusOf(world.ann.rest.pulls.merge(pull))).toBe(200);
});

test.each([
  ["merge", 2],
  ["squash", 1],
  ["rebase", 1],
] as const)("the method %s gives a commit with %d parents", async (merge_method, parents) => {
  const pull = await open(`by-${merge_method}`, { [`${merge_method}.txt`]: "x\n" });
  await world.push(`by-${merge_method}`, { [`${merge_method}.txt`]: "y\n" });
  const { sha } = (await world.ann.rest.pulls.merge({ ...pull, merge_method })).data;
  const { data } = await world.ann.rest.repos.getCommit({ ...till, ref: "main" });
  expect(data.sha).toBe(sha);
  expect(data.parents).toHaveLength(parents);
  expect((await world.ann.rest.pulls.get(pull)).data).toMatchObject({ merged: true, merge_commit_sha: sha, merged_by: { login: "ann" } });
  const content = await world.ann.rest.repos.getContent({ ...till, path: `${merge_method}.txt`, mediaType: { format: "raw" } });
  expect(content.data).toBe("y\n");
});

test("a merge closes the issues that its text promises to close, and no others", async () => {
  const { ann } = world;
  const numbers: number[] = [];
  for (const title of ["Close me", "Leave me", "Elsewhere"]) numbers.push((await ann.rest.issues.create({ ...till, title })).data.number);
  const [close = 0, leave = 0, elsewhere = 0] = numbers;
  const pull = await open("closes", { "closes.txt": "x\n" }, { body: `Fixes #${close}. See #${leave}. Closes other/place#${elsewhere}` });
  await ann.rest.pulls.merge(pull);
  const states = await Promise.all(numbers.map(async (issue_number) => (await ann.rest.issues.get({ ...till, issue_number })).data.state));
  expect(states).toEqual(["closed", "open", "open"]);
});

test("a commit pushed to the default branch closes what its message promises", async () => {
  const { number } = (await world.ann.rest.issues.create({ ...till, title: "Promised" })).data;
  const sha = await world.github.pushFiles({
    repository: "ann/till",
    branch: "main",
    author: "ann",
    message: `Resolve #${number}`,
    files: { "promised.txt": "x\n" },
  });
  expect((await world.ann.rest.issues.get({ ...till, issue_number: number })).data).toMatchObject({
    state: "closed",
    state_reason: "completed",
  });
  const { data } = await world.ann.rest.issues.listEvents({ ...till, issue_number: number });
  expect(data.at(-1)).toMatchObject({ event: "closed", commit_id: sha });
});

test("files are shown as git sees them: renames, removals, odd names, binaries without a patch", async () => {
  await world.github.pushFiles({
    repository: "ann/till",
    branch: "main",
    author: "ann",
    message: "Old",
    files: { "old.txt": "a\nb\nc\nd\n", "gone.txt": "x\n" },
  });
  const pull = await open("files", {
    "old.txt": null,
    'new/nämé "q".txt': "a\nb\nc\nd\n",
    "gone.txt": null,
    "data.bin": "\u0000\u0001binary",
  });
  const { data } = await world.ann.rest.pulls.listFiles(pull);
  const shown = data.map(({ filename, previous_filename, status, patch }) => ({
    filename,
    previous_filename,
    status,
    hasPatch: patch !== undefined,
  }));
  expect(shown.sort((one, other) => one.filename.localeCompare(other.filename))).toEqual([
    { filename: "data.bin", previous_filename: undefined, status: "added", hasPatch: false },
    { filename: "gone.txt", previous_filename: undefined, status: "removed", hasPatch: true },
    { filename: 'new/nämé "q".txt', previous_filename: "old.txt", status: "renamed", hasPatch: false },
  ]);
  expect((await world.ann.rest.pulls.get(pull)).data.changed_files).toBe(3);
});

test("the list of files ends at 3,000, the count does not", async () => {
  const files = Object.fromEntries(Array.from({ length: 3001 }, (_, n) => [`many/${n}.txt`, `${n}\n`]));
  const pull = await open("many", files);
  expect((await world.ann.rest.pulls.get(pull)).data.changed_files).toBe(3001);
  const listed = await world.ann.paginate(world.ann.rest.pulls.listFiles, { ...pull, per_page: 100 });
  expect(listed).toHaveLength(3000);
  expect(await statusOf(world.ann.rest.pulls.get({ ...pull, mediaType: { format: "diff" } }))).toBe(406);
});

test("a second pull request for the same branch, or one without commits, is refused", async () => {
  await open("once", { "once.txt": "x\n" });
  const again = world.bob.rest.pulls.create({ ...till, title: "Again", head: "once", base: "main" });
  expect(await statusOf(again)).toBe(422);
  expect(await statusOf(world.bob.rest.pulls.create({ ...till, title: "Nothing", head: "main", base: "main" }))).toBe(422);
});

test("a deleted head branch closes its pull request", async () => {
  const pull = await open("deleted", { "deleted.txt": "x\n" });
  await world.ann.rest.git.deleteRef({ ...till, ref: "heads/deleted" });
  expect((await world.ann.rest.pulls.get(pull)).data).toMatchObject({ state: "closed", merged: false });
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
});
