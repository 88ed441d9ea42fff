/** F30: the first of GitHub's three places counts, with what GitHub finds wrong in it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { observeOwners } from "../../app/observe/owners.ts";
import { type SmallWorld, smallWorld } from "../world-github/small-world.ts";
import { openWith, readerOf, type Tree } from "./support/trees.ts";

let world: SmallWorld;
let nth = 0;

beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

async function ownersOf(tree: Tree) {
  nth += 1;
  const { head } = await openWith(world, `owners-${nth}`, { "a.txt": "a\n" }, { ...tree, "a.txt": "b\n" });
  return observeOwners(readerOf(world), head.sha);
}

test.each([
  [
    ".github first",
    { ".github/CODEOWNERS": "* @ann\n", CODEOWNERS: "* @bob\n", "docs/CODEOWNERS": "* @tia\n" },
    ".github/CODEOWNERS",
    "* @ann\n",
  ],
  ["then the top", { CODEOWNERS: "* @bob\n", "docs/CODEOWNERS": "* @tia\n" }, "CODEOWNERS", "* @bob\n"],
  ["then docs", { "docs/CODEOWNERS": "* @ann\n" }, "docs/CODEOWNERS", "* @ann\n"],
  ["an empty first one too", { ".github/CODEOWNERS": "", CODEOWNERS: "* @bob\n" }, ".github/CODEOWNERS", ""],
])("%s", async (_, tree, path, text) => {
  expect(await ownersOf(tree)).toEqual({ path, text, errors: [] });
});

test("no file is nobody, and no error", async () => {
  expect(await ownersOf({ codeowners: "* @ann\n" })).toEqual({ errors: [] });
});

test("what GitHub finds wrong is told by line", async () => {
  const { errors } = await ownersOf({ CODEOWNERS: "# who\n* @ann\n*.ts @nobody-here\n!x @ann\n" });
  expect(errors.map(({ line }) => line)).toEqual([3, 4]);
  expect(errors[0]?.message).toContain("Unknown owner on line 3");
});

test("a file above a megabyte is read whole", async () => {
  const text = `${"# a comment\n".repeat(100_000)}* @ann\n`;
  expect(await ownersOf({ CODEOWNERS: text })).toEqual({ path: "CODEOWNERS", text, errors: [] });
});

test("a file of 3 MB counts for nothing, and the next place is not asked", async () => {
  expect(await ownersOf({ CODEOWNERS: "#".repeat(3_000_000), "docs/CODEOWNERS": "* @ann\n" })).toEqual({
    ...{ path: "CODEOWNERS", errors: [] },
    unreadable: "CODEOWNERS is 3 MB or larger, and GitHub does not load it",
  });
});

test("a folder or a link of that name is no file", async () => {
  expect(await ownersOf({ "CODEOWNERS/x": "* @ann\n" })).toMatchObject({ unreadable: "CODEOWNERS is not a file" });
  expect(await ownersOf({ CODEOWNERS: { mode: "120000", content: "a.txt" } })).toMatchObject({ unreadable: "CODEOWNERS is not a file" });
});
