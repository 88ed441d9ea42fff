import { expect, test } from "@jest/globals";
import { auth } from "../../app/gates/auth.ts";
import { withSettings } from "../../app/gates/custom.ts";
import type { Change, GateSettings } from "../../app/gates/gate.ts";
import { gatesUnder } from "../../app/gates/index.ts";
import { globFault, globMatcher, patternFault, patternMatcher } from "../../app/gates/patterns.ts";
import { rules } from "../../app/gates/rules.ts";
import { added, deleted, edited, renamed } from "../../bench/gates/change.ts";

const own = (settings: Partial<GateSettings>) => withSettings("till", undefined, { enabled: true, ...settings });
const paths = (settings: Partial<GateSettings>, ...changes: readonly Change[]) => own(settings).raisedBy(changes, {});

test.each([
  ["src/till/**", "src/till/a/b.ts", true],
  ["src/till/", "src/till/a/b.ts", true],
  ["/src/*.ts", "src/a.ts", true],
  ["*.tf", "main.tf", true],
  ["*.tf", "infra/main.tf", false],
  ["**/*.tf", "main.tf", true],
  ["SRC/Till/**", "src/till/a.ts", true],
  ["src/**", "SRC/a.ts", true],
  ["src/**", "\uff53rc/a.ts", true],
  ["caf\u00e9/**", "cafe\u0301/a", true],
  ["src/**", "src/.hidden/a", true],
  ["infra/{a,b}/*.y?ml", "infra/b/x.yaml", true],
  ["app/(shop)/**", "app/(shop)/page.tsx", true],
  ["app/(shop)/**", "app/shop/page.tsx", false],
  ["a+b/$x/@y", "a+b/$x/@y", true],
  ["src/**", "lib/src.ts", false],
])("the glob %s on %s: %s", (glob, path, matches) => {
  expect(globMatcher(glob)(path)).toBe(matches);
});

test.each([
  ["", "empty"],
  ["!src/**", "no exceptions"],
  ["+(a|b)", "extended glob"],
  ["a{b", "{ without its }"],
  ["{a,{b,c}}", "within another"],
  ["{1..9999999}", "range"],
  ["a[b", "["],
  ["**/a/**/b/**", "times **"],
  ["*a*b*c", "times *"],
  ["a\\b", "backslash"],
  ["a".repeat(300), "256"],
])("the glob %s is refused", (glob, because) => {
  expect(globFault(glob)).toContain(because);
});

test("an expression is RE2's: what it cannot do is told", () => {
  expect(patternFault("a(?=b)")).toBe("is not an RE2 expression: invalid or unsupported Perl syntax: `(?=`");
  expect(patternFault("(a")).toBe("is not an RE2 expression: missing closing ): `(a`");
  expect(patternFault("x*")).toContain("everywhere");
  expect(patternFault("(?i)drop\\s+it")).toBeUndefined();
});

test("neither a glob nor an expression is slow over what was made to slow it", () => {
  const before = process.cpuUsage();
  const glob = globMatcher("**/*a*b/**");
  for (const path of ["a".repeat(255), "a/".repeat(255), "aab".repeat(100)]) glob(path);
  patternMatcher("(a+)+$").find(`${"a".repeat(100_000)}b`);
  patternMatcher("x[^y]*y|x").find("x".repeat(300_000));
  expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
});

test("a path too long to be matched in time is taken to match", () => {
  expect(globMatcher("src/**")("b".repeat(300))).toBe(true);
});

test("a gate of one's own is raised by its paths, old names included, and says which of its lines", () => {
  const because = "rig.yml names it: src/till/**";
  expect(paths({ paths: ["src/till/**"] }, ...renamed("src/till/a.ts", "x/a.ts", "a"))).toEqual([
    { path: "src/till/a.ts", removed: true, because },
    { path: "x/a.ts", because },
  ]);
});

test("its expressions are looked for in lines that change, over their ends, in the case they are written in", () => {
  const settings = { content: ["open\\s+till"] };
  expect(paths(settings, edited("src/a.ts", "open\nx", "open\n till"))).toEqual([
    { path: "src/a.ts", line: 2, because: "rig.yml looks for /open\\s+till/" },
  ]);
  expect(paths(settings, deleted("src/a.ts", "open till"))).toMatchObject([{ line: 1, removed: true }]);
  expect(paths(settings, edited("src/a.ts", "open till\na", "open till\nb"))).toEqual([]);
  expect(paths(settings, added("src/a.ts", "OPEN TILL"))).toEqual([]);
  expect(paths({ content: ["^till$"] }, added("src/a.ts", "a\ntill\nb"))).toMatchObject([{ line: 2 }]);
});

test("with expressions, what cannot be read raises it; a picture does not", () => {
  const blob = added("a.bin", "", { added: [], unreadable: "binary" });
  expect(paths({ content: ["till"] }, blob)).toEqual([{ path: "a.bin", because: "its content could not be read: binary" }]);
  expect(paths({ paths: ["src/**"] }, blob)).toEqual([]);
  expect(paths({ content: ["till"] }, added("a.png", "", { added: [], media: "png" }))).toEqual([]);
});

test("new dependencies raise it where it asks for them", () => {
  const manifest = edited("package.json", '{ "dependencies": {} }', '{ "dependencies": { "left-pad": "1.3.0" } }');
  expect(paths({ dependencies: true }, manifest)).toHaveLength(1);
  expect(paths({ dependencies: false, paths: ["src/**"] }, manifest)).toEqual([]);
});

test("it says why it is there, and who may open it", () => {
  const gate = own({ paths: ["src/till/**", "till.yml"], content: ["till"], dependencies: true, approvers: ["@maria", "@acme/till"] });
  expect(gate.why).toBe(
    "This repository wants a person to look at changes to src/till/**, till.yml, and at text like /till/, and at new dependencies.",
  );
  expect(gate.approvers).toEqual(["@maria", "@acme/till"]);
});

test("settings add to one of the six and take nothing from it", () => {
  const gate = withSettings("auth", auth, { enabled: true, paths: ["src/till/**"] });
  expect(gate.why).toBe(auth.why);
  expect(gate.raisedBy([edited("src/login.ts", "a", "b"), edited("src/till/a.ts", "a", "b")], {}).map(({ path }) => path)).toEqual([
    "src/login.ts",
    "src/till/a.ts",
  ]);
  expect(withSettings("auth", auth, undefined)).not.toHaveProperty("approvers");
});

test("the rig's own rules have no approvers but the code owners", () => {
  expect(withSettings("rules", rules, { enabled: true, approvers: ["@mallory"] })).not.toHaveProperty("approvers");
});

test("settings that cannot be used ask a person", () => {
  expect(paths({ content: ["("] }, edited("a", "b", "c"))).toMatchObject([
    { path: "*", because: expect.stringContaining("cannot be used") },
  ]);
});

test("a repository has the six and its own, without those it switched off", () => {
  const names = gatesUnder({ payments: { enabled: false }, till: { enabled: true, paths: ["src/**"] } }).map(({ name }) => name);
  expect(names).toEqual(["auth", "schema", "deletion", "dependencies", "rules", "till"]);
});
