/** A patch that GitHub shows is believed only where it leads from one text to the other. */
import { expect, test } from "@jest/globals";
import { compared, differingBy } from "../../app/observe/patches.ts";

const texts = { base: "a\nb\nc\n", head: "a\nB\nc\nd\n" };
const right = "@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+d";

test("a whole patch says where the lines are", () => {
  expect(differingBy(right, texts)).toEqual({ removed: [2], added: [2, 4] });
});

test.each([
  ["none", undefined],
  ["an empty one", ""],
  ["one that was cut", "@@ -1,3 +1,4 @@\n a\n-b\n+B\n c"],
  ["one of another file", "@@ -1 +1,2 @@\n x\n+DROP"],
  ["one that hides a line", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c"],
  ["one whose numbers lie beyond the end", "@@ -90 +90 @@\n-b\n+B"],
  ["no patch at all", "Binary files differ"],
])("%s is not believed", (_, patch) => {
  expect(differingBy(patch, texts)).toBeUndefined();
});

test("a patch that shows nothing is not believed where only the last line's end differs", () => {
  const [base, head] = ["a\nb\n", "a\nb"];
  expect(differingBy("@@ -9 +9 @@\n-b\n+b", { base, head })).toBeUndefined();
  const whole = "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file";
  expect(differingBy(whole, { base, head })).toEqual({ removed: [2], added: [2] });
});

test("lines that look like the marks of a patch are lines", () => {
  const [base, head] = ["--- a/x\n", "+++ b/x\n@@ -1 +1 @@\n\\ No newline at end of file\n"];
  expect(differingBy("@@ -1 +1,3 @@\n---- a/x\n++++ b/x\n+@@ -1 +1 @@\n+\\ No newline at end of file", { base, head })).toEqual({
    ...{ removed: [1], added: [1, 2, 3] },
  });
});

test("git compares what no patch told, each pair for itself", async () => {
  const same = Array.from({ length: 12 }, (_, n) => ({ base: `${n}\nx\n`, head: `${n}\ny\n` }));
  expect(await compared([...same, texts, { base: "a", head: "a\n" }])).toEqual([
    ...same.map(() => ({ removed: [2], added: [2] })),
    { removed: [2], added: [2, 4] },
    { removed: [1], added: [1] },
  ]);
  expect(await compared([])).toEqual([]);
});
