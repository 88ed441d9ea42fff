import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { tools } from "../../agents/runtime/tools/index.ts";
import type { Toolbox } from "../../agents/runtime/tools/tool.ts";
import { temporary, write } from "./support/repository.ts";
import { toolboxOf } from "./support/toolbox.ts";

let workspace = "";
let outside = "";
let toolbox: Toolbox;

beforeEach(() => {
  workspace = temporary();
  outside = temporary();
  write(workspace, { "src/a.ts": "one\ntwo\ntwo\n", ".git/config": "[core]\n" });
  write(outside, { "secret.txt": "canary" });
  const sandbox = { kind: "none", run: () => Promise.reject(new Error("No commands here.")), close: async () => undefined };
  toolbox = toolboxOf({ workspace, sandbox });
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
  ["text that does not occur", "src/a.ts", "four", "occurs 0 times"],
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
  expect(await read("src/a.ts", { fromLine: 2, lines: 1 })).toEqual({ text: "2\ttwo\n[… 2 more lines …]" });
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
  ["a folder", "src", () => undefined],
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
