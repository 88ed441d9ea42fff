import { expect, test } from "@jest/globals";
import { ownersOf, parseOwners } from "../../app/gates/codeowners.ts";

const owner = (text: string, path: string) => ownersOf(parseOwners(text) ?? [], path).join(" ");

/** Each pattern of GitHub's page "About code owners", a path, and whether it covers it. */
test.each([
  ["*", "any/where.txt", true],
  ["*.js", "src/deep/app.js", true],
  ["*.js", "src/app.jsx", false],
  ["/build/logs/", "build/logs/a/b.log", true],
  ["/build/logs/", "x/build/logs/a.log", false],
  ["docs/*", "docs/getting-started.md", true],
  ["docs/*", "docs/build-app/troubleshooting.md", false],
  ["apps/", "x/apps/y/z.ts", true],
  ["/docs/", "docs/a/b.md", true],
  ["/docs/", "src/docs/a.md", false],
  ["/scripts/", "scripts/run.sh", true],
  ["**/logs", "build/logs/x.log", true],
  ["**/logs", "deeply/nested/logs/x", true],
  ["/apps/github", "apps/github/index.ts", true],
  ["db/", "db/migrations/1.sql", true],
  ["Src/", "src/a.ts", false],
  [".github/", ".github/workflows/ci.yml", true],
  ["a{b,c}.ts", "ab.ts", false],
])("%s on %s: %s", (pattern, path, covers) => {
  expect(owner(`${pattern} @maria`, path)).toBe(covers ? "@maria" : "");
});

test("the last line that matches decides, and may take ownership away", () => {
  const text = "* @all\n/apps/ @octocat\n/apps/github\n";
  expect(owner(text, "README.md")).toBe("@all");
  expect(owner(text, "apps/x.ts")).toBe("@octocat");
  expect(owner(text, "apps/github/x.ts")).toBe("");
});

test("comments, inline comments, spaces in names and several owners are read", () => {
  expect(owner("# a comment\n/with\\ space/ @a @org/team me@example.com # because", "with space/x")).toBe("@a @org/team me@example.com");
});

test.each(["!docs/ @a", "[ab].ts @a", "\\#x @a", "x.ts maria"])("an invalid line is passed over: %s", (line) => {
  expect(parseOwners(`${line}\n* @all`)).toHaveLength(1);
});

test("a file of three megabytes does not count", () => {
  expect(parseOwners(`* @a\n${"#".repeat(3 * 1024 * 1024)}`)).toBeUndefined();
});
