/** R12c: a check belongs to a commit, so another pull request of the same commit would be let through by it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { observeSiblings } from "../../app/observe/siblings.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";
import { readerOf } from "./support/trees.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

async function open(head: string, base: string) {
  const { data } = await world.bob.rest.pulls.create({ ...till, title: `${head} into ${base}`, head, base });
  return { number: data.number, headSha: data.head.sha, defaultBranch: "main" };
}
const branch = async (name: string, sha: string) => world.bob.rest.git.createRef({ ...till, ref: `refs/heads/${name}`, sha });

test("another open pull request of the same commit into a protected branch is a sibling, and no other", async () => {
  const sha = await world.push("one");
  for (const name of ["two", "three", "four"]) await branch(name, sha);
  await branch("release", world.created.headSha);
  const one = await open("one", "main");
  expect(await observeSiblings(readerOf(world), one)).toEqual([]);
  const two = await open("two", "main");
  await open("three", "release");
  const closed = await open("four", "main");
  await world.bob.rest.pulls.update({ ...till, pull_number: closed.number, state: "closed" });
  expect(await observeSiblings(readerOf(world), one)).toEqual([two.number]);
  expect(await observeSiblings(readerOf(world), two)).toEqual([one.number]);
});

test("a pull request that only contains the commit has another head", async () => {
  const sha = await world.push("below");
  const below = await open("below", "main");
  await branch("above", sha);
  await world.push("above", { "above.txt": "x\n" });
  await open("above", "main");
  expect(await observeSiblings(readerOf(world), below)).toEqual([]);
});

test("a protected branch besides the default one counts", async () => {
  const sha = await world.push("five");
  await branch("six", sha);
  await branch("stable", world.created.headSha);
  const five = await open("five", "stable");
  const six = await open("six", "main");
  world.github.setRules("ann/till", { requirePullRequest: true });
  // Seen from where `stable` is the default branch, `main` is protected by its rules.
  expect(await observeSiblings(readerOf(world), { ...five, defaultBranch: "stable" })).toEqual([six.number]);
  world.github.setRules("ann/till", {});
  expect(await observeSiblings(readerOf(world), { ...five, defaultBranch: "stable" })).toEqual([]);
});

test("an outage is no answer", async () => {
  world.github.faults.next({ method: "GET", path: /\/commits\/[0-9a-f]+\/pulls$/, kind: "502" });
  const sha = world.created.headSha;
  await expect(observeSiblings(readerOf(world), { number: 1, headSha: sha, defaultBranch: "main" })).rejects.toMatchObject({ status: 502 });
});
