import { expect, test } from "@jest/globals";
import type { Change } from "../../app/gates/gate.ts";
import { rules } from "../../app/gates/rules.ts";
import { added, deleted, edited } from "../../bench/gates/change.ts";

const raisedBy = (...changes: readonly Change[]) => rules.raisedBy(changes, {});

test.each([
  [".github/workflows/ci.yml", "belongs to what GitHub and the Rig run by"],
  [".github/CODEOWNERS", "decides who owns which file"],
  ["docs/CODEOWNERS", "decides who owns which file"],
  [".rig-agent.yaml", "sets how the Rig works here"],
  ["packages/api/AGENTS.md", "tells agents what to do"],
  ["src/.gitattributes", "decides how git shows and fetches files"],
  [".gitlab-ci.yml", "is run by machines"],
  [".husky/pre-push", "is run on people's machines"],
  [".npmrc", "decides where packages come from"],
])("%s %s", (path, because) => {
  expect(raisedBy(edited(path, "a", "b"))).toEqual([{ path, because }]);
});

test("what goes away is said to go away", () => {
  expect(raisedBy(deleted(".github/workflows/scan.yml", "on: push"))).toEqual([
    { path: ".github/workflows/scan.yml", removed: true, because: "belongs to what GitHub and the Rig run by" },
  ]);
});

test("a symlink raises it when it comes, changes, goes, or takes the place of a file", () => {
  const because = "a symlink: what lies there is somewhere else";
  const link = "120000";
  expect(raisedBy(added("a", "b", { mode: link }))).toEqual([{ path: "a", because }]);
  expect(raisedBy(edited("a", "b", "c", { mode: link, previousMode: link }))).toEqual([{ path: "a", because }]);
  expect(raisedBy(deleted("a", "b", { previousMode: link }))).toEqual([{ path: "a", removed: true, because }]);
  expect(raisedBy(edited("a", "b", "c", { previousMode: link }))).toEqual([{ path: "a", because }]);
});

test("a link to the workflows is about the workflows too", () => {
  expect(raisedBy(added("a", ".github/workflows/ci.yml", { mode: "120000" })).map(({ because }) => because)).toEqual([
    "belongs to what GitHub and the Rig run by",
    "a symlink: what lies there is somewhere else",
  ]);
});

test("a file that was there and can now be run raises it; a new script and a bit taken away do not", () => {
  const bit = (previousMode: string, mode: string) => raisedBy({ path: "x", previousMode, mode, added: [], removed: [] });
  expect(bit("100644", "100755")).toEqual([{ path: "x", because: "can now be run as a program" }]);
  expect(bit("100755", "100644")).toEqual([]);
  expect(raisedBy(added("x", "a", { mode: "100755" }))).toEqual([]);
});

test.each([
  ["a control character", "a\u0007.ts"],
  ["a newline", "a\n.ts"],
  ["an invisible character", "a\u200b.ts"],
  ["a turn of direction", "a\u202e.ts"],
  ["a backslash", "a\\b.ts"],
  ["two dots as a folder", "a/../b.ts"],
  ["a dot at the end", "a."],
  ["a space at the end of a folder", "a /b.ts"],
  ["a device of another system", "src/aux.ts"],
  ["a stream of another system", "a.ts:x"],
])("a name with %s raises it", (_, path) => {
  expect(raisedBy(added(path, "x"))).toHaveLength(1);
});

test.each([
  "caf\u00e9.md",
  "\u65e5\u672c.md",
  "a b.ts",
  "a..b",
  "...x.ts",
  "[slug].tsx",
  "-x.md",
  "\u{1f680}.md",
  "auxiliary.ts",
  "console.ts",
])("%s is a name like others", (path) => {
  expect(raisedBy(added(path, "x"))).toEqual([]);
});

test("names that are one name elsewhere are told, each of them", () => {
  expect(raisedBy(added("src/Cart.ts", "x"), added("src/cart.ts", "y")).map(({ path }) => path)).toEqual(["src/Cart.ts", "src/cart.ts"]);
  expect(raisedBy(added("caf\u00e9", "x"), added("cafe\u0301", "y"))).toHaveLength(2);
});

test("a rename to another case is no collision: the old name is gone", () => {
  expect(raisedBy(deleted("src/Cart.ts", "x"), added("src/cart.ts", "x", { previousPath: "src/Cart.ts" }))).toEqual([]);
});
