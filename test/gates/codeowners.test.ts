/** What of CODEOWNERS is easily read otherwise than GitHub reads it. `test/properties/codeowners.test.ts` compares all of it with a reference. */
import { expect, test } from "@jest/globals";
import { ownersOf, readOwners } from "../../app/gates/codeowners.ts";

const THREE_MB = 3 * 1024 * 1024;
const read = (text: string) => {
  const owners = readOwners(text);
  if (!owners) throw new Error("The file does not count.");
  return owners;
};
const owner = (text: string, path: string) => ownersOf(read(text), path).join(" ");

test.each([
  ["*", "any/where.txt", true],
  ["/*", "README.md", true],
  ["/*", "src/a.ts", false],
  ["/*/", "src/deep/a.ts", true],
  ["/*/", "README.md", false],
  ["*.js", "src/app.jsx", false],
  ["*.js", "bundle.js/part", true],
  [".js", "src/app.js", false],
  ["*.min.js", "public/app.min.js", true],
  ["docs/*.md", "docs/a.md", true],
  ["docs/*.md", "docs/b/a.md", false],
  ["docs/*", "more/docs/a.md", false],
  ["docs/*/", "docs/a.md", false],
  ["docs/*/", "docs/a/b/c.md", true],
  ["docs/**", "docs/a/b/c.md", true],
  ["docs/**", "docs", false],
  ["docs/**/*", "docs/a/b/c.md", true],
  ["docs/**/", "docs/a.md", false],
  ["docs/**/", "docs/a/b.md", true],
  ["**", "a", true],
  ["**/", "a", false],
  ["a/**/b", "a/b", true],
  ["a/**/b", "a/x/y/b/c", true],
  ["a/**/b", "x/a/b", false],
  ["a/**/b/**/c", "a/b/x/b/c", true],
  ["**/a/b", "x/y/a/b/c", true],
  ["a**b", "axyb", true],
  ["a**b", "ax/yb", false],
  ["apps", "apps", true],
  ["apps", "x/apps/y", true],
  ["apps/", "x/apps", false],
  ["apps/web", "x/apps/web", false],
  ["/apps", "apps/web/a.ts", true],
  ["Src/", "src/a.ts", false],
  ["f?o", "foo", true],
  ["f?o", "f/o", false],
  ["?", "🦊", true],
  ["f\\*o", "f*o", true],
  ["f\\*o", "foo", false],
  ["f\\?o", "fxo", false],
  ["pages/\\[id\\]/", "pages/[id]/a.tsx", true],
  ["a\\\\b", "a\\b", true],
  ["a\\b", "ab", true],
  ["a{b,c}.ts", "ab.ts", false],
  ["a{b,c}.ts", "a{b,c}.ts", true],
  ["+(a).ts", "aa.ts", false],
  ["(group)/", "(group)/a.ts", true],
  [".github/", ".github/workflows/ci.yml", true],
  ["*", ".env", true],
  ["C#/", "C#/a.cs", true],
  ["caf\u00e9/", "caf\u00e9/a", true],
  ["caf\u00e9/", "cafe\u0301/a", false],
  ["a\u00a0b/", "a\u00a0b/c", true],
  ["*", "line\nbreak", true],
])("%s on %s: %s", (pattern, path, covers) => {
  expect(owner(`${pattern} @maria`, path)).toBe(covers ? "@maria" : "");
});

test("the last line that matches decides, however the lines differ", () => {
  const text = ["* @all", "src/ @src", "*.ts @ts", "**/pay/** @pay", "src/pay/till.ts @till", "src/p*/*.md @docs"];
  const paths = ["a", "src/a", "a.ts", "src/a.ts", "x/pay/a.ts", "src/pay/till.ts", "src/pay/a.md"];
  expect(paths.map((path) => owner(text.join("\n"), path))).toEqual(["@all", "@src", "@ts", "@ts", "@pay", "@till", "@docs"]);
  expect(paths.map((path) => owner(text.toReversed().join("\n"), path))).toEqual(paths.map(() => "@all"));
});

test("of two lines with one pattern the later one decides", () => {
  expect(owner("src/ @first\n*.md @docs\nsrc/ @second", "src/a.md")).toBe("@second");
});

test("a pattern without owners takes ownership away, also with a comment behind it", () => {
  expect(owner("* @all\n/apps/github", "apps/github/a")).toBe("");
  expect(owner("* @all\n/apps/github # nobody's", "apps/github/a")).toBe("");
});

test("a rule is told with its line and its owners as they are written", () => {
  const { rules, ruleFor } = read("\n# first\n* @All  me@example.com\n");
  expect(rules).toEqual([{ line: 3, pattern: "*", owners: ["@All", "me@example.com"] }]);
  expect(ruleFor("a")).toBe(rules[0]);
});

test.each([
  ["a byte order mark", "\ufeffsrc/ @a"],
  ["line ends of Windows", "# x\r\nsrc/ @a\r\ndocs @b\r\n"],
  ["tabs, and spaces before the pattern", " \tsrc/\t\t@a\t"],
  ["a comment after the owners", "src/ @a # @b"],
  ["a comment without a space", "src/ @a #@b"],
  ["a comment before it, indented", "  # src/ @b\nsrc/ @a"],
  ["nothing but a carriage return on a line", "\r\nsrc/ @a\r\n\r\n"],
])("%s changes nothing", (_, text) => {
  const owners = read(text);
  expect(ownersOf(owners, "src/x")).toEqual(["@a"]);
  expect(owners.invalid).toEqual([]);
});

test("a backslash before a line end of Windows escapes nothing", () => {
  expect(read("docs\\\r\n* @a\r\n").invalid.map(({ line }) => line)).toEqual([1]);
});

test("a space of a name is written with a backslash", () => {
  expect(owner("with\\ space/ @a @org/team me@example.com", "with space/x")).toBe("@a @org/team me@example.com");
  expect(owner("ends\\  @a", "ends ")).toBe("@a");
});

test.each([
  ["!docs/ @a", /`!`/],
  ["[ab].ts @a", /`\[ \]`/],
  ["pages/[id]/x.tsx @a", /`\[ \]`/],
  ["a\\\\[b @a", /`\[ \]`/],
  ["\\#x @a", /comment/],
  ["x.ts maria", /`maria` is neither/],
  ["x.ts @a @", /`@` is neither/],
  ["x.ts @a@b", /`@a@b` is neither/],
  ["x.ts @a me@localhost", /`me@localhost` is neither/],
  ["my file.ts @a", /`file\.ts` is neither/],
  ["x.ts @org/team/part", /neither/],
  ["/ @a", /no path/],
  ["docs//x @a", /no path/],
  ["./x.ts @a", /no path/],
  ["../x.ts @a", /no path/],
  ["docs/*** @a", /asterisks/],
  ["docs\\", /backslash/],
  ["docs\\/x @a", /backslash/],
  ["\ufffd\ufffd*\0 \0@\0a", /UTF-8/],
])("%j is passed over, and it is said why", (line, because) => {
  const { rules, invalid, ruleFor } = read(`* @all\n${line}\n`);
  expect(rules).toHaveLength(1);
  expect(invalid).toEqual([{ line: 2, text: line, because: expect.stringMatching(because), touches: expect.any(Function) }]);
  expect(ruleFor("x.ts")?.line).toBe(1);
});

test.each([
  ["src/ maria", ["src/a.ts"], ["docs/a.md"]],
  ["*.ts maria", ["a.ts", "src/a.ts"], ["a.js"]],
  ["!docs/ @a", ["docs/a"], ["src/docs.ts"]],
  ["!/docs @a", ["docs/a"], ["src/docs"]],
  ["pages/[id]/x.tsx @a", ["pages/[id]/x.tsx", "pages/i/x.tsx"], ["pages/x.tsx", "x/pages/[id]/x.tsx"]],
  ["docs/[a-z] @a", ["docs/a", "docs/a/b"], ["src/a"]],
  ["/[ab]c @a", ["ac", "bc/d"], ["d/ac"]],
  ["[a/b]c @a", ["anything"], []],
  ["a[b @a", ["a[b", "x/a[b/c"], ["b"]],
  ["\\#x @a", ["#x", "d/#x"], ["x"]],
  ["docs//x @a", ["docs/x", "docs/x/y"], ["x"]],
  ["./x.ts @a", ["x.ts"], ["a/x.ts"]],
  ["docs/. @a", ["docs/x"], ["src/docs"]],
  ["docs/*** @a", ["docs/x/y"], ["src/x"]],
  ["/ @a", ["anything"], []],
  [". @a", ["anything"], []],
  ["a/../b @a", ["anything"], []],
  ["docs\\/x @a", ["anything"], []],
  ["\ufffd @a", ["anything"], []],
])("%j touches what it may have been about", (line, about, others) => {
  const touches = read(line).invalid[0]?.touches;
  expect(about.filter((path) => touches?.(path))).toEqual(about);
  expect(others.filter((path) => touches?.(path))).toEqual([]);
});

test("a comment that is not text in UTF-8 harms nothing", () => {
  expect(read("# caf\ufffd\n* @a # caf\ufffd").invalid).toEqual([]);
});

test("a file of three megabytes does not count, one a byte shorter does", () => {
  const text = `* @a\n${"#".repeat(THREE_MB - 6)}`;
  expect(owner(text, "x")).toBe("@a");
  expect(readOwners(`${text}#`)).toBeUndefined();
  expect(readOwners(`* @a\n#${"é".repeat(THREE_MB / 2)}`)).toBeUndefined();
  expect(ownersOf(undefined, "x")).toEqual([]);
});

test.each([
  ["one asterisk after the other", `${"*a".repeat(100)}b @a`],
  ["folders of any depth, one after the other", `${"**/a/".repeat(200)}b @a`],
  ["an endless name", `${"\\a".repeat(100_000)} @a`],
  ["opening brackets without end", "[".repeat(300_000)],
  ["backslashes without end", "\\".repeat(299_999)],
  ["an owner of dots", `* a@${".b".repeat(100_000)}@`],
])("%s takes no time", (_, text) => {
  const begun = performance.now();
  const owners = read(text);
  for (const path of ["a".repeat(4_000), "a/".repeat(2_000)]) {
    owners.ruleFor(path);
    owners.invalid[0]?.touches(path);
  }
  expect(performance.now() - begun).toBeLessThan(5_000);
});
