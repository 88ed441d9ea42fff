import { rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { changedLines } from "../../agents/runtime/review/changed-lines.ts";
import { tools } from "../../agents/runtime/tools/index.ts";
import type { Toolbox } from "../../agents/runtime/tools/tool.ts";
import { makeOrigin, sh, temporary, write } from "./support/repository.ts";
import { sandboxOf } from "./support/sandbox.ts";
import { toolboxOf } from "./support/toolbox.ts";

const earlier = [
  { id: "c1", by: "review-e[bot]", text: "Off by one." },
  { id: "c2", by: "review-e[bot]", text: "No test.", disputed: true },
  { by: "somebody", text: "Without an id." },
];
const changed = new Map([
  ["src/a.ts", [[1, 4] as const, [20, 20] as const]],
  ["gone.ts", []],
]);

let toolbox: Toolbox;
beforeEach(() => {
  toolbox = toolboxOf({ workspace: temporary(), sandbox: sandboxOf(), changed });
});

const comment = (place: string, line: number, severity = "blocking") =>
  tools.comment_on_line.run({ path: place, line, severity, text: "Wrong." }, toolbox);
const verdict = (decision: string, more: object = {}, box = toolbox) =>
  tools.verdict.run({ verdict: decision, summary: "It is so.", ...more }, box);

test.each([
  ["src/a.ts", 4],
  ["src/a.ts", 20],
])("a finding is noted on %s:%i, which the change shows", async (place, line) => {
  expect(await comment(place, line)).toEqual({ text: "Noted: 1 of 10." });
  expect(toolbox.notebook.findings()).toEqual([{ path: place, line, severity: "blocking", text: "Wrong." }]);
});

test.each([
  ["a file that is not changed", "src/b.ts", 1, "src/b.ts is not changed. Changed are: src/a.ts, gone.ts."],
  ["a line that the change does not show", "src/a.ts", 5, "The diff does not show src/a.ts:5; it shows 1-4, 20."],
  ["a file that is gone", "gone.ts", 1, "gone.ts has no lines left to remark on."],
])("no finding is noted on %s", async (_, place, line, sentence) => {
  await expect(comment(place, line)).rejects.toThrow(sentence);
  expect(toolbox.notebook.findings()).toEqual([]);
});

test("ten findings are on lines and no more", async () => {
  for (let nth = 0; nth < 10; nth++) await comment("src/a.ts", 1);
  await expect(comment("src/a.ts", 1)).rejects.toThrow("say the rest in the verdict's summary");
});

test("a verdict ends the review with what was noted, what belongs to no line, and every earlier finding", async () => {
  const box = { ...toolbox, earlier };
  await comment("src/a.ts", 2);
  const revisited = [
    { finding: "c1", now: "resolved", why: "It counts from 0." },
    { finding: "c2", now: "withdrawn", why: "There is one." },
  ];
  const general = { severity: "minor", text: "Two commits would read better." };
  expect(await verdict("request_changes", { findings: [general], revisited }, box)).toEqual({
    end: {
      ...{ outcome: "review", title: "Changes requested", summary: "It is so.", verdict: "request_changes" },
      findings: [
        { path: "src/a.ts", line: 2, severity: "blocking", text: "Wrong." },
        { path: "", ...general },
      ],
      revisited,
    },
  });
});

test.each([
  ["an earlier finding is left out", [{ finding: "c1", now: "resolved", why: "x" }], "these are missing: c2"],
  [
    "one is named twice",
    [
      { finding: "c1", now: "resolved", why: "x" },
      { finding: "c1", now: "stands", why: "x" },
    ],
    "c1 is no finding of the review before, or you name it twice",
  ],
  ["one is made up", [{ finding: "c9", now: "resolved", why: "x" }], "c9 is no finding"],
])("a verdict is refused where %s", async (_, revisited, sentence) => {
  await expect(verdict("approve", { revisited }, { ...toolbox, earlier })).rejects.toThrow(sentence);
});

const standing = { earlier: earlier.slice(0, 1), revisited: [{ finding: "c1", now: "stands", why: "Still." }] };

test("an earlier finding that stands is reason enough for changes, and against an approval", async () => {
  const box = { ...toolbox, earlier: standing.earlier };
  await expect(verdict("approve", { revisited: standing.revisited }, box)).rejects.toThrow(
    "You cannot approve with these findings: c1, which stands.",
  );
  expect(await verdict("request_changes", { revisited: standing.revisited }, box)).toMatchObject({ end: { verdict: "request_changes" } });
});

test("a blocking finding is against an approval, and without one no changes are requested", async () => {
  await comment("src/a.ts", 1, "minor");
  await expect(verdict("request_changes")).rejects.toThrow("needs a finding that is blocking");
  expect(await verdict("approve")).toMatchObject({ end: { title: "Approved" } });
  await comment("src/a.ts", 2);
  await expect(verdict("approve")).rejects.toThrow("a blocking one on src/a.ts:2");
});

test("who abstains says why, and has to judge nothing", async () => {
  await expect(verdict("abstain", { summary: "" })).rejects.toThrow("summary");
  expect(await verdict("abstain", {}, { ...toolbox, earlier })).toMatchObject({ end: { outcome: "review", verdict: "abstain" } });
});

test("the lines of a change are those it added and three around, by the name a file has now, whatever the change says of its own files", async () => {
  const lines = (count: number, from = 1) => Array.from({ length: count }, (_, at) => `line ${at + from}\n`).join("");
  const origin = makeOrigin({ "a.txt": lines(40), "old name.txt": lines(30), "gone.txt": "x\n", "kind.txt": "x\n", "same.txt": "x\n" });
  const { workspace } = origin;
  const at = (name: string) => path.join(workspace, name);
  write(workspace, {
    "a.txt": lines(40).replace("line 20\n", "line 20\nnew\n"),
    "dir/ä\n.txt": "one\ntwo\n",
    ".gitattributes": "*.txt -diff\n",
  });
  write(workspace, { "tricky.md": "@@ -1 +900 @@\ndiff --git a/x b/x\n" });
  sh(workspace, "mv", "old name.txt", "new name.txt");
  write(workspace, { "new name.txt": `${lines(30)}last\n` });
  rmSync(at("gone.txt"));
  rmSync(at("kind.txt"));
  symlinkSync("a.txt", at("kind.txt"));
  sh(workspace, "add", "--all");
  sh(workspace, "commit", "--quiet", "-m", "Change");
  const changes = await changedLines({ workspace, defaultBranch: "main", headSha: sh(workspace, "rev-parse", "HEAD") });
  expect(Object.fromEntries(changes)).toEqual({
    ".gitattributes": [[1, 1]],
    "a.txt": [[18, 24]],
    "dir/ä\n.txt": [[1, 2]],
    "gone.txt": [],
    "kind.txt": [[1, 1]],
    "new name.txt": [[28, 31]],
    "tricky.md": [[1, 2]],
  });
});
