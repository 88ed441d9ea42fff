import { expect, test } from "@jest/globals";
import type { Change } from "../../actions/publish/changes.ts";
import { guard } from "../../actions/publish/guard.ts";
import { whyProtected } from "../../actions/publish/protected-paths.ts";

test.each([
  ".github/workflows/ci.yml",
  ".GitHub/workflows/ci.yml",
  ".github",
  "CODEOWNERS",
  "docs/CODEOWNERS",
  "AGENTS.md",
  "packages/a/claude.MD",
  ".husky/pre-commit",
  ".vscode/settings.json",
  ".gitmodules",
  "src/.gitattributes",
  ".rig-agent.yaml",
  "src/a\u202Etxt.ts",
  "src/a\u0007.ts",
  "src/a\n.ts",
  "src\\a.ts",
  "src/a./b.ts",
  "src/a ",
  "src/\uFFFD.ts",
  "src/../a.ts",
  ".git",
  "src/.GIT/config",
  "src/git~1/config",
  "\u2024github/workflows/ci.yml",
])("%j is protected", (path) => {
  expect(whyProtected(path)).toEqual(expect.any(String));
});

test.each(["src/a.ts", ".gitignore", ".npmrc", "docs/github/a.md", "src/.hidden/a.ts", "öl/ß.ts", "codeowners.md", "a.b.c"])(
  "%j is free",
  (path) => {
    expect(whyProtected(path)).toBeUndefined();
  },
);

const change = (more: Partial<Change> = {}): Change => ({ path: "src/a.ts", mode: "100644", size: 10, lines: 1, added: "x", ...more });

function ruleFor(changes: readonly Change[], tree: readonly string[] = [], message = "Change\n"): string | undefined {
  try {
    guard({ changes, tree: [...tree, ...changes.map(({ path }) => path)], message, limits: { changedFiles: 3, changedLines: 10 } });
  } catch (error) {
    return (error as { rule?: string }).rule;
  }
  return undefined;
}

test.each<[string, readonly Change[], string | undefined]>([
  ["a small change", [change()], undefined],
  ["a program", [change({ mode: "100755" })], undefined],
  ["a deleted file", [change({ mode: "000000", size: 0, added: "" })], undefined],
  ["a deleted workflow", [change({ path: ".github/workflows/ci.yml", mode: "000000" })], "protected-path"],
  ["a symbolic link", [change({ mode: "120000" })], "symlink"],
  ["a submodule", [change({ mode: "160000" })], "submodule"],
  ["a file of six megabytes", [change({ size: 6 * 1024 * 1024 })], "file-size"],
  ["four files", ["a", "b", "c", "d"].map((path) => change({ path })), "changed-files"],
  ["eleven lines", [change({ lines: 11 })], "changed-lines"],
  ["more than 4 MiB added", [change({ added: "x".repeat(4 * 1024 * 1024 + 1) })], "patch-size"],
  ["a token in an added line", [change({ added: `key = "ghp_${"a1".repeat(20)}"` })], "secret"],
  ["a token in two string literals", [change({ added: `key = "ghp_${"a1".repeat(9)}" +\n    "${"b2".repeat(11)}"` })], "secret"],
  ["a token on two lines", [change({ added: `text\nghp_${"a1".repeat(9)}\n${"b2".repeat(11)}\ntext` })], "secret"],
  ["a token on a line that is continued", [change({ added: `export T=ghp_${"a1".repeat(9)}\\\n${"b2".repeat(11)}` })], "secret"],
  ["a token in base64", [change({ added: `x${Buffer.from(`a=ghp_${"a1".repeat(20)}`).toString("base64")}` })], "secret"],
  ["a token in hexadecimal", [change({ added: Buffer.from(`ghp_${"a1".repeat(20)}`).toString("hex") })], "secret"],
  ["a token in a path", [change({ path: `src/ghp_${"a1".repeat(10)}/${"b2".repeat(10)}` })], "secret"],
  ["words about tokens", [change({ added: 'A token begins with "ghp_" + forty others.\nghp_\nSee below.' })], undefined],
  [
    "a hash and a small picture",
    [change({ added: `${"0f1e2d3c".repeat(8)}\n${Buffer.from("x".repeat(90)).toString("base64")}` })],
    undefined,
  ],
  ["a token in a file's name", [change({ path: `src/ghp_${"a1".repeat(20)}` })], "secret"],
])("%s: %#", (_, changes, rule) => {
  expect(ruleFor(changes)).toBe(rule);
});

test.each([
  ["a file beside one that differs in case", "src/a.ts", ["src/A.ts"], "case-collision"],
  ["a file in a folder beside one that differs in case", "src/a.ts", ["SRC/b.ts"], "case-collision"],
  ["others that collided before", "src/a.ts", ["lib/x", "lib/X"], undefined],
])("%s", (_, path, tree, rule) => {
  expect(ruleFor([change({ path })], tree)).toBe(rule);
});

test.each(["Fixes #9", "Resolves: acme/shop#9", "closes GH-9", "Close https://github.com/acme/shop/issues/9"])(
  "a commit that says %j is refused",
  (message) => {
    expect(ruleFor([change()], [], message)).toBe("commit-message");
  },
);
