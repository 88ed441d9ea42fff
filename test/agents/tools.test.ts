import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { tools } from "../../agents/runtime/tools/index.ts";
import type { Toolbox } from "../../agents/runtime/tools/tool.ts";
import { temporary, write } from "./support/repository.ts";
import { sandboxOf } from "./support/sandbox.ts";
import { toolboxOf } from "./support/toolbox.ts";

let workspace = "";
let outside = "";
let toolbox: Toolbox;

beforeEach(() => {
  workspace = temporary();
  outside = temporary();
  write(workspace, { "src/a.ts": "one\ntwo\ntwo\n", ".git/config": "[core]\n" });
  write(outside, { "secret.txt": "canary" });
  toolbox = toolboxOf({ workspace, sandbox: sandboxOf() });
});

const edit = (file: string, old: string, text: string) => tools.edit.run({ path: file, old, new: text }, toolbox);
const read = (file: string, more: object = {}) => tools.read.run({ path: file, ...more }, toolbox);
const content = (file: string) => readFileSync(path.join(workspace, file), "utf8");

test("edit replaces one exact piece, dollar signs and all", async () => {
  await edit("src/a.ts", "one", "$& $1 uno");
  expect(content("src/a.ts")).toBe("$& $1 uno\ntwo\ntwo\n");
});

test("edit makes new files with their folders", async () => {
  await edit("src/deep/er/b.ts", "", "three\n");
  expect(content("src/deep/er/b.ts")).toBe("three\n");
});

test.each([
  ["text that occurs twice", "src/a.ts", "two", "occurs 2 times"],
  ["text that occurs twice, and says where", "src/a.ts", "two", "at the lines 2, 3;"],
  ["text that does not occur", "src/a.ts", "four", "occurs 0 times"],
  ["text that is nowhere, and says so", "src/a.ts", "four", "Nothing in it is like it"],
  [
    "text with other whitespace, and says where it stands",
    "src/a.ts",
    "\n  one\ntwo",
    "The nearest is at line 1, which reads:\none\ntwo\ntwo",
  ],
  ["text that is a little wrong, and says where it stands", "src/a.ts", "twoo", "The nearest is at line 2, which reads:\ntwo"],
  ["making a file that exists", "src/a.ts", "", "exists already"],
  ["a file that does not exist", "src/b.ts", "one", "does not exist"],
])("edit refuses %s and changes nothing", async (_, file, old, sentence) => {
  await expect(edit(file, old, "x")).rejects.toThrow(sentence);
  expect(content("src/a.ts")).toBe("one\ntwo\ntwo\n");
});

test("edit leaves bytes that are no text alone", async () => {
  writeFileSync(path.join(workspace, "image"), Buffer.from([0x61, 0xff, 0xfe]));
  await expect(edit("image", "a", "b")).rejects.toThrow("is not UTF-8");
});

test("read numbers the lines and says how many are left", async () => {
  expect(await read("src/a.ts", { fromLine: 2, lines: 1 })).toEqual({ text: "2\ttwo\n[… 1 more lines …]" });
});

test("edit replaces every occurrence when it is told to", async () => {
  expect(await tools.edit.run({ path: "src/a.ts", old: "two", new: "three", replaceAll: true }, toolbox)).toEqual({
    text: "Changed src/a.ts at 2 places.",
  });
  expect(content("src/a.ts")).toBe("one\nthree\nthree\n");
});

test("edit keeps a file's own line ends", async () => {
  write(workspace, { "dos.txt": "one\r\ntwo\r\nthree\r\n" });
  await edit("dos.txt", "one\ntwo", "1\n2");
  expect(content("dos.txt")).toBe("1\r\n2\r\nthree\r\n");
});

test("edit changes no folder", async () => {
  await expect(edit("src", "a", "b")).rejects.toThrow("src");
  await expect(edit(".", "a", "b")).rejects.toThrow("names the workspace itself");
});

test("read answers what lies in a folder, git's own left out", async () => {
  write(workspace, { "src/deep/b.ts": "x", "src/B.ts": "x" });
  symlinkSync("a.ts", path.join(workspace, "src", "c.ts"));
  expect(await read("src")).toEqual({ text: "B.ts\na.ts\nc.ts (a link)\ndeep/" });
  expect(await read(".")).toEqual({ text: "src/" });
  mkdirSync(path.join(workspace, "empty"));
  expect(await read("empty/")).toEqual({ text: "The folder is empty." });
});

test("read says that a file is binary instead of showing it", async () => {
  writeFileSync(path.join(workspace, "image"), Buffer.from([0x89, 0x50, 0, 1]));
  expect(await read("image")).toEqual({ text: "image is binary, 4 bytes: look at it with a program." });
});

test("read cuts long lines and long files, and says what is missing", async () => {
  write(workspace, { "long.txt": `${"x".repeat(2_500)}\nend\n`, "many.txt": `${"y".repeat(1_000)}\n`.repeat(2_000) });
  expect(await read("long.txt")).toEqual({ text: `1\t${"x".repeat(2_000)}[… 500 more characters]\n2\tend` });
  const { text } = (await read("many.txt", { lines: 2_000 })) as { text: string };
  expect(text.length).toBeLessThanOrEqual(256 * 1024 + 100);
  const shown = text.split("\n").length - 1;
  expect(text.endsWith(`\n[… ${2_000 - shown} more lines …]`)).toBe(true);
  expect(await read("long.txt", { fromLine: 9 })).toEqual({ text: "[The file has 2 lines.]" });
});

// R24: each of these once led out of some agent's workspace.
const ways: readonly [string, string, () => void][] = [
  ["an absolute path", "/etc/hosts", () => undefined],
  ["a way up", "src/../../x", () => undefined],
  ["git's own folder", ".git/config", () => undefined],
  ["git's own folder in capitals", "src/.GIT/config", () => undefined],
  ["a link to a file", "link", () => symlinkSync(path.join(outside, "secret.txt"), path.join(workspace, "link"))],
  ["a dangling link", "link", () => symlinkSync(path.join(outside, "new.txt"), path.join(workspace, "link"))],
  ["a link to a folder", "link/secret.txt", () => symlinkSync(outside, path.join(workspace, "link"))],
  ["a dangling link to a folder", "link/new.txt", () => symlinkSync(path.join(outside, "new"), path.join(workspace, "link"))],
  ["a named pipe", "pipe", () => void execFileSync("mkfifo", [path.join(workspace, "pipe")])],
];

test.each(ways)("no file is read through %s", async (_, file, arrange) => {
  arrange();
  await expect(read(file)).rejects.toThrow();
});

test.each(ways)("no file is changed or made through %s", async (_, file, arrange) => {
  arrange();
  await expect(edit(file, "canary", "x")).rejects.toThrow();
  await expect(edit(file, "", "x")).rejects.toThrow();
  expect(readFileSync(path.join(outside, "secret.txt"), "utf8")).toBe("canary");
  expect(existsSync(path.join(outside, "new.txt"))).toBe(false);
  expect(existsSync(path.join(outside, "new"))).toBe(false);
});

test("a link is refused by name, so that the agent knows what to do", async () => {
  mkdirSync(path.join(workspace, "real"));
  symlinkSync("real", path.join(workspace, "alias"));
  await expect(edit("alias/x", "", "x")).rejects.toThrow("alias/x leads through something that is not a plain folder.");
});
