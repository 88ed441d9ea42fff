/** R12: whoever made a change cannot approve it, and where that is not known of everybody, it says so. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { observeMakers } from "../../app/observe/makers.ts";
import { git, gitText } from "../world/github/git/run.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";
import { openWith, readerOf } from "./support/trees.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld();
  for (const login of ["tia", "rob"]) world.github.setCollaborator("ann/till", login, "write");
});
afterAll(() => world.close());

const shown = async (number: number) => (await world.ann.rest.pulls.get({ ...till, pull_number: number })).data;
const push = (branch: string, author: string, text: string) =>
  world.github.pushFiles({ repository: "ann/till", branch, files: { "src/sum.ts": text }, message: "Change", author });
const address = (token: string) => world.github.origin.replace("http://", `http://x-access-token:${token}@`).concat("/ann/till.git");

async function open(branch: string) {
  await push(branch, "bob", `${branch}\n`);
  return (await world.ann.rest.pulls.create({ ...till, title: branch, head: branch, base: "main" })).data;
}

test("its author, the authors of its commits and whoever pushed made it", async () => {
  const { number } = await open("made");
  await push("made", "tia", "again\n");
  const pr = await shown(number);
  const makers = await observeMakers(readerOf(world), pr);
  expect(makers.madeBy.toSorted()).toEqual(["ann", "bob", "tia"]);
  expect(makers).not.toHaveProperty("unknown");
  const { data } = await world.ann.rest.git.getCommit({ ...till, commit_sha: pr.head.sha });
  expect(makers.trees[pr.head.sha]).toBe(data.tree.sha);
});

test("somebody who pushes commits in another's name made it too", async () => {
  const { number } = await open("borrowed");
  // Rob pushes a commit that says it is Bob's.
  const sha = (await world.ann.rest.git.getRef({ ...till, ref: "heads/borrowed" })).data.object.sha;
  const bob = { GIT_AUTHOR_NAME: "bob", GIT_AUTHOR_EMAIL: `${world.people.bob.id}+bob@users.noreply.github.com` };
  const env = { ...bob, GIT_COMMITTER_NAME: bob.GIT_AUTHOR_NAME, GIT_COMMITTER_EMAIL: bob.GIT_AUTHOR_EMAIL };
  const next = (await gitText(world.created.gitDir, ["commit-tree", `${sha}^{tree}`, "-p", sha, "-m", "Rob's work"], { env })).trim();
  await git(world.created.gitDir, ["push", "--quiet", address(world.people.rob.token), `${next}:refs/heads/borrowed`]);
  const { madeBy, unknown } = await observeMakers(readerOf(world), await shown(number));
  expect([madeBy.toSorted(), unknown]).toEqual([["ann", "bob", "rob"], undefined]);
});

test("a commit of somebody without an account is nobody's, and that is fine", async () => {
  const pr = await openWith(world, "nobodys", { "a.txt": "a\n" }, { "a.txt": "b\n" });
  expect(await observeMakers(readerOf(world), pr)).toMatchObject({ madeBy: ["bob"] });
  expect(await observeMakers(readerOf(world), pr)).not.toHaveProperty("unknown");
});

test("an App that pushes is named as its bot", async () => {
  const { number } = await open("by-app");
  const { data } = await world.ann.rest.git.getRef({ ...till, ref: "heads/by-app" });
  await world.ann.rest.git.deleteRef({ ...till, ref: "heads/by-app" });
  await world.ann.rest.pulls.get({ ...till, pull_number: number });
  const app = await world.asApp();
  await app.rest.git.createRef({ ...till, ref: "refs/heads/by-app-2", sha: data.object.sha });
  const { data: pr } = await app.rest.pulls.create({ ...till, title: "x", head: "by-app-2", base: "main" });
  expect((await observeMakers(readerOf(world), await shown(pr.number))).madeBy.toSorted()).toEqual(["bob", "rig[bot]"]);
});

test("more commits than GitHub lists leave somebody unknown", async () => {
  const { number } = await open("long");
  const { unknown } = await observeMakers(readerOf(world), { ...(await shown(number)), commits: 251 });
  expect(unknown).toBe("GitHub shows only 1 of its 251 commits");
});

test("a head that moves while it is read leaves somebody unknown", async () => {
  const { number } = await open("moving");
  const before = await shown(number);
  await world.github.pushFiles({
    ...{ repository: "ann/till", branch: "moving", author: "rob", message: "Rewritten", force: true },
    files: { "src/sum.ts": "rewritten\n" },
  });
  expect((await observeMakers(readerOf(world), before)).unknown).toBe("its commits changed while they were read");
});

test("a fork that is gone, or that the Rig cannot read, leaves somebody unknown", async () => {
  const { number } = await open("forked");
  const pr = await shown(number);
  const gone = await observeMakers(readerOf(world), { ...pr, head: { ...pr.head, repo: null } });
  expect(gone.unknown).toBe("the fork it came from is gone, and with it who pushed last");
  const elsewhere = { name: "till", owner: { login: "eve" } };
  const hidden = await observeMakers(readerOf(world), { ...pr, head: { ...pr.head, repo: elsewhere } });
  expect(hidden.unknown).toBe("GitHub does not let the Rig read who pushed to eve/till");
  expect(hidden.madeBy).toContain("bob");
});

test("a head that nobody is known to have pushed leaves somebody unknown", async () => {
  const { number } = await open("other-branch");
  const pr = await shown(number);
  const { unknown } = await observeMakers(readerOf(world), { ...pr, head: { ...pr.head, ref: "main" } });
  expect(unknown).toBe("GitHub does not say who pushed last");
});

test("an outage is no answer", async () => {
  const { number } = await open("outage");
  const pr = await shown(number);
  world.github.faults.next({ method: "GET", path: /\/activity$/, kind: "503" });
  await expect(observeMakers(readerOf(world), pr)).rejects.toMatchObject({ status: 503 });
  world.github.faults.next({ method: "GET", path: /\/activity$/, kind: "secondary-limit" });
  await expect(observeMakers(readerOf(world), pr)).rejects.toMatchObject({ status: 403 });
});

test("all of it agrees with GitHub's own description", () => {
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
