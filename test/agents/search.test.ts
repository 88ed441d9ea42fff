import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openSandbox, type Sandbox } from "../../agents/runtime/sandbox/sandbox.ts";
import { tools } from "../../agents/runtime/tools/index.ts";
import { gitGrep } from "../../agents/runtime/tools/search.ts";
import { makeOrigin, temporary, write } from "./support/repository.ts";
import { toolboxOf } from "./support/toolbox.ts";

describe("search", () => {
  let sandbox: Sandbox;
  let workspace = "";
  beforeAll(async () => {
    workspace = makeOrigin({
      "a.txt": "the needle\n",
      ".gitignore": "ignored\n",
      "src/b.ts": "NEEDLE 42\n",
      "src/deep/c.ts": "needle 7\n",
      "image.bin": "needle\0",
    }).workspace;
    write(workspace, { "new.txt": "a needle it's\n", "ignored/d.txt": "needle\n", ".hidden.txt": "needle\n" });
    write(workspace, { "many.log": "row\n".repeat(400), "wide.log": `wide ${"x".repeat(5_000)}\n` });
    sandbox = await openSandbox({ workspace });
  });
  afterAll(() => sandbox.close());

  const inputs: readonly (readonly [string, object, string])[] = [
    [
      "tracked, new and hidden files, not the ignored and binary ones",
      { pattern: "needle( it's)?$" },
      ".hidden.txt:1:needle\na.txt:1:the needle\nnew.txt:1:a needle it's\n",
    ],
    [
      "below a folder, whatever the case",
      { pattern: "needle \\d+", path: "src", ignoreCase: true },
      "src/b.ts:1:NEEDLE 42\nsrc/deep/c.ts:1:needle 7\n",
    ],
    ["files of a name", { pattern: "needle", glob: "*.ts" }, "src/deep/c.ts:1:needle 7\n"],
    ["files by a path", { pattern: "(?i)needle", glob: "src/*.ts" }, "src/b.ts:1:NEEDLE 42\n"],
    ["nothing", { pattern: "haystack" }, ""],
    ["long lines cut", { pattern: "^wide" }, `wide.log:1:wide ${"x".repeat(384)}\n`],
  ];

  test.each(inputs)("finds %s", async (_, input, expected) => {
    expect(await tools.search.run(input, toolboxOf({ workspace, sandbox }))).toEqual({
      text: expected === "" ? "Nothing found." : expected,
    });
  });

  test.each(inputs)("finds %s without ripgrep too", async (_, input, expected) => {
    const script = gitGrep({ path: ".", ignoreCase: false, pattern: "", ...input });
    expect((await sandbox.run({ script, timeoutMs: 10_000 })).output).toBe(expected);
  });

  test("says that more lines match than it shows", async () => {
    const { text } = (await tools.search.run({ pattern: "^row" }, toolboxOf({ workspace, sandbox }))) as { text: string };
    expect(text.split("\n").filter((line) => line.startsWith("many.log:"))).toHaveLength(300);
    expect(text.endsWith("[… more than 300 lines match …]\n")).toBe(true);
  });

  test("says what is wrong with a pattern", async () => {
    await expect(tools.search.run({ pattern: "x(" }, toolboxOf({ workspace, sandbox }))).rejects.toThrow(/^The search could not be made: /);
    const { exitCode, output } = await sandbox.run({ script: gitGrep({ pattern: "x(", path: ".", ignoreCase: false }), timeoutMs: 10_000 });
    expect([exitCode, output]).toEqual([128, expect.stringMatching(/^fatal: /)]);
  });

  test("an agent's git configuration runs nothing outside", async () => {
    const trap = path.join(temporary(), "trapped");
    await sandbox.run({ script: `git config core.fsmonitor 'touch ${trap}; true'`, timeoutMs: 10_000 });
    await tools.search.run({ pattern: "needle" }, toolboxOf({ workspace, sandbox }));
    await sandbox.run({ script: gitGrep({ pattern: "needle", path: ".", ignoreCase: false }), timeoutMs: 10_000 });
    expect(existsSync(trap)).toBe(false);
  });
});
