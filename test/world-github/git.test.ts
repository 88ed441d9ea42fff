import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { git } from "../world/github/git/run.ts";
import { type SmallWorld, smallWorld, till } from "./small-world.ts";

let world: SmallWorld;
let folder: string;
let clones = 0;

beforeAll(async () => {
  world = await smallWorld();
  await world.github.createRepository({ owner: "ann", name: "vault", files: { "README.md": "secret" }, private: true });
  folder = await mkdtemp(join(tmpdir(), "clones-"));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const address = (token: string, name = "till") =>
  world.github.origin.replace("http://", `http://x-access-token:${token}@`).concat(`/ann/${name}.git`);

async function clone(token: string, name = "till"): Promise<string> {
  clones += 1;
  const into = join(folder, String(clones));
  await git(folder, ["clone", "--quiet", address(token, name), into]);
  return into;
}

/** Commits one file in a clone and pushes it; answers what git said when it was refused. */
async function push(into: string, path: string, branch: string): Promise<string> {
  await writeFile(join(into, path), `${branch}\n`);
  await git(into, ["add", "--all"]);
  await git(into, ["-c", "user.name=x", "-c", "user.email=x@y.z", "commit", "--quiet", "-m", "Change"]);
  try {
    await git(into, ["push", "--quiet", "origin", `HEAD:refs/heads/${branch}`]);
    return "";
  } catch (error) {
    return String(error);
  }
}
const branchExists = async (branch: string) =>
  (await world.ann.rest.git.listMatchingRefs({ ...till, ref: `heads/${branch}` })).data.length > 0;

test("anybody clones what is public; what is private only with a token that may", async () => {
  await expect(git(folder, ["clone", "--quiet", `${world.github.origin}/ann/till.git`, join(folder, "public")])).resolves.toBeDefined();
  await expect(clone(world.people.eve.token, "vault")).rejects.toThrow("ended with 128");
  await expect(clone(world.people.ann.token, "vault")).resolves.toBeDefined();
});

test("a token that may only read contents cannot push", async () => {
  const into = await clone(await world.mint({ permissions: { contents: "read" } }));
  expect(await push(into, "a.txt", "read-only")).toContain("403");
  expect(await branchExists("read-only")).toBe(false);
  expect(await push(await clone(world.people.rob.token), "a.txt", "read-only")).toContain("403");
});

test("an App pushes a branch, and the push is its bot's", async () => {
  const into = await clone(await world.mint());
  expect(await push(into, "a.txt", "by-app")).toBe("");
  await world.github.deliveries.settled();
  const told = world.receiver.received.find(({ event, payload }) => event === "push" && payload.ref === "refs/heads/by-app");
  expect(told?.payload).toMatchObject({ created: true, sender: { login: "rig[bot]" }, pusher: { name: "rig[bot]" } });
  expect(world.github.writes.at(-1)).toMatchObject({ operation: "git/push", actor: "rig[bot]", appId: world.app.id });
});

test("workflow files need the permission for workflows", async () => {
  const into = await clone(await world.mint());
  expect(await push(into, ".github/workflows/evil.yml", "evil")).toContain("without `workflows` permission");
  expect(await branchExists("evil")).toBe(false);
  expect(await push(await clone(world.people.bob.token), ".github/workflows/good.yml", "good")).toBe("");
});

test("an App without that permission cannot merge a workflow file either", async () => {
  await world.push("workflow", { ".github/workflows/new.yml": "on: push\n" });
  const { number: pull_number } = (await world.bob.rest.pulls.create({ ...till, title: "x", head: "workflow", base: "main" })).data;
  await expect((await world.asApp()).rest.pulls.merge({ ...till, pull_number })).rejects.toMatchObject({ status: 403 });
  await expect(world.ann.rest.pulls.merge({ ...till, pull_number })).resolves.toMatchObject({ status: 200 });
});

test("nobody pushes to a branch whose rules ask for a pull request", async () => {
  world.github.setRules("ann/till", { requirePullRequest: true });
  const before = (await world.ann.rest.git.getRef({ ...till, ref: "heads/main" })).data.object.sha;
  for (const token of [await world.mint(), world.people.ann.token])
    expect(await push(await clone(token), "b.txt", "main")).toContain("GH013");
  await expect(world.ann.rest.git.updateRef({ ...till, ref: "heads/main", sha: before, force: true })).rejects.toMatchObject({
    status: 422,
  });
  expect((await world.ann.rest.git.getRef({ ...till, ref: "heads/main" })).data.object.sha).toBe(before);
  world.github.setRules("ann/till", {});
});

test("the test merge of a pull request can be fetched, and nobody can push to it", async () => {
  await world.push("mergeable");
  const { number } = (await world.bob.rest.pulls.create({ ...till, title: "x", head: "mergeable", base: "main" })).data;
  const into = await clone(world.people.bob.token);
  await git(into, ["fetch", "--quiet", "origin", `refs/pull/${number}/merge`]);
  const parents = (await git(into, ["log", "-1", "--format=%P", "FETCH_HEAD"])).toString().trim().split(" ");
  expect(parents).toHaveLength(2);
  await expect(git(into, ["push", "--quiet", "origin", `HEAD:refs/pull/${number}/head`])).rejects.toThrow("hidden ref");
});
