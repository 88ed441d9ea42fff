import { expect, test } from "@jest/globals";
import { auth } from "../../app/gates/auth.ts";
import { readOwners } from "../../app/gates/codeowners.ts";
import type { Change } from "../../app/gates/gate.ts";
import { payments } from "../../app/gates/payments.ts";
import { added, deleted, edited, renamed } from "../../bench/gates/change.ts";

const raisedBy = (changes: readonly Change[], codeowners?: string) => {
  const owners = codeowners === undefined ? undefined : readOwners(codeowners);
  return auth.raisedBy(changes, owners ? { owners } : {});
};

test("a path is named with what it is about", () => {
  expect(raisedBy([edited("src/authMiddleware.ts", "a", "b")])).toEqual([
    { path: "src/authMiddleware.ts", because: "its path is about authentication" },
  ]);
});

test("a file that is gone is said to be gone, and its new name is judged too", () => {
  expect(raisedBy(renamed("src/login.ts", "src/x.ts", "a"))).toEqual([
    { path: "src/login.ts", removed: true, because: "its path is about sign-in" },
    { path: "src/x.ts", because: "its path is about sign-in" },
  ]);
});

test("a phrase is named by its line, and what stands there is not repeated", () => {
  const change = edited("src/util.js", "one\nconst s = 'hunter2'; jwt.verify(raw, s)", "one\ntwo\nconst s = 'hunter3'; jwt.verify(raw, s)");
  const evidence = raisedBy([change]);
  expect(evidence).toEqual([
    { path: "src/util.js", line: 3, because: "says how tokens are made or checked" },
    { path: "src/util.js", line: 2, removed: true, because: "says how tokens are made or checked" },
  ]);
  expect(JSON.stringify(evidence)).not.toContain("hunter");
});

test("a phrase on lines that nobody touched raises nothing", () => {
  expect(raisedBy([edited("src/util.js", "jwt.verify(raw)\nlet a = 1", "jwt.verify(raw)\nlet a = 2")])).toEqual([]);
});

test("full-width letters in code are the letters they stand for", () => {
  expect(raisedBy([added("src/x.py", "\uff42\uff43\uff52\uff59\uff50\uff54.hashpw(p)")])).toHaveLength(1);
});

test("many places of one file are cut, and counted", () => {
  const evidence = raisedBy([added("src/x.js", Array.from({ length: 30 }, () => "jwt.verify(raw)").join("\n"))]);
  expect(evidence).toHaveLength(9);
  expect(evidence.at(-1)?.because).toBe("and in 22 more places");
});

test("a guard that goes raises it, one that comes or moves within the file does not", () => {
  const guarded = "@login_required\ndef a(): pass\ndef b(): pass";
  expect(raisedBy([edited("shop/views.py", guarded, "def a(): pass\ndef b(): pass")])).toEqual([
    { path: "shop/views.py", line: 1, removed: true, because: "no longer has a guard that it had" },
  ]);
  expect(raisedBy([edited("shop/views.py", "def a(): pass", "@login_required\ndef a(): pass")])).toEqual([]);
});

test.each([
  ["a team of that subject", "src/ @acme/all\nsrc/x.ts @acme/identity-team", 1],
  ["a team among others", "src/ @maria @acme/web-auth", 1],
  ["a later rule that gives it to others", "src/ @acme/auth\nsrc/x.ts @acme/web", 0],
  ["a team whose name only sounds like it", "src/ @acme/authors", 0],
  ["a person of that name", "src/ @auth", 0],
  ["the team that owns everything", "* @acme/auth", 0],
  ["the team that owns everything, written longer", "/** @acme/auth", 0],
])("R11b: a file owned by %s", (_, codeowners, reasons) => {
  expect(raisedBy([edited("src/x.ts", "a", "b")], codeowners)).toHaveLength(reasons);
});

test("R11b: the evidence names the team that owns it", () => {
  expect(raisedBy([edited("docs/x.md", "a", "b")], "docs/ @acme/auth")).toEqual([
    { path: "docs/x.md", because: "CODEOWNERS gives it to @acme/auth" },
  ]);
});

test("what nobody can read raises it, unless its kind is never looked into", () => {
  const unreadable = (path: string) => raisedBy([added(path, "", { added: [], unreadable: "larger than 500 KB" })]);
  expect(unreadable("src/bundle.js")).toEqual([{ path: "src/bundle.js", because: "its content could not be read: larger than 500 KB" }]);
  expect(["package-lock.json", "docs/a.md", "test/fixtures/big.json"].flatMap(unreadable)).toEqual([]);
  expect(raisedBy([added("public/login.png", "", { added: [], media: "png" })])).toEqual([]);
});

test("a test may grow and move; one that goes, checks less or is skipped raises it", () => {
  const text = "test('a', () => expect(1).toBe(1))\ntest('b', () => expect(2).toBe(2))";
  const path = "test/login.test.ts";
  expect(raisedBy([edited(path, text, `${text}\ntest('c', () => expect(3).toBe(3))`)])).toEqual([]);
  expect(raisedBy(renamed(path, "test/auth/login.test.ts", text))).toEqual([]);
  expect(raisedBy([deleted(path, text)])).toEqual([{ path, removed: true, because: "a test about sign-in is deleted" }]);
  expect(raisedBy([edited(path, text, "test('a', () => expect(1).toBe(1))")])).toEqual([
    { path, because: "a test about sign-in checks less" },
  ]);
  expect(raisedBy([edited(path, text, text.replace("test('a'", "test.skip('a'"))])).toEqual([
    { path, because: "a test about sign-in is skipped" },
  ]);
  expect(raisedBy([deleted(path, text), added("test/x.test.ts", "test('a', f)", { previousPath: path })])[0]).toEqual({
    path,
    removed: true,
    because: "a test about sign-in checks less",
  });
});

test.each([
  ["spaces after a name", `jwt${" ".repeat(1_000_000)}x`],
  ["comments after a name", "jwt//".repeat(200_000)],
  ["comments that never end", `stripe/*${"/*".repeat(500_000)}`],
  ["a word again and again", "google_".repeat(150_000)],
  ["an open bracket again and again", "hash(".repeat(200_000)],
  ["a factor again and again", "a * ".repeat(250_000)],
  ["a price again and again", "price * ".repeat(125_000)],
])("a line of a megabyte does not hold it up: %s", (_, line) => {
  const before = process.cpuUsage();
  for (const gate of [auth, payments]) gate.raisedBy([added("src/x.js", line)], {});
  expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
});
