import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { z } from "zod";
import { tools } from "../../agents/runtime/tools/index.ts";
import { type Tool, tool } from "../../agents/runtime/tools/tool.ts";
import { calls, finish, loop, reads, runs, says, together } from "./support/loop.ts";

test.each([
  ["a tool's error", reads("b.txt"), "b.txt does not exist."],
  ["a wrong input", calls("read", { file: "a.txt" }), "The input is wrong"],
  ["a tool that does not exist", calls("deploy", {}), "There is no tool deploy"],
])("%s goes back to the model, which may go on", async (_, answer, text) => {
  const { end, asked } = await loop([answer, finish]);
  expect(asked[1]).toContain(text);
  expect(asked[1]).toContain('"is_error":true');
  expect(end.outcome).toBe("patch");
});

/** Tools that say when they begin and end; two of `wait` that run side by side meet. */
function meeting() {
  const seen: string[] = [];
  let waiting: (() => void) | undefined;
  const act = async ({ name }: { name: string }) => {
    seen.push(`${name} begins`);
    if (name === "fails") throw new Error("It failed.");
    if (name.startsWith("meets")) {
      if (waiting) waiting();
      else await Promise.race([new Promise<void>((resolve) => (waiting = resolve)), pause(2_000, undefined, { ref: false })]);
    }
    seen.push(`${name} ends`);
    return { text: `said ${name}` };
  };
  const input = z.strictObject({ name: z.string() });
  const made: Record<string, Tool> = {
    look: tool("Looks.", input, act, { parallel: true }),
    change: tool("Changes.", input, act),
    finish: tools.finish,
  };
  return { seen, tools: made };
}
const look = (name: string) => calls("look", { name });
const change = (name: string) => calls("change", { name });

test("what changes nothing runs side by side, and the results stand in the order of the calls", async () => {
  const { seen, tools: given } = meeting();
  const { conversations } = await loop([together(look("meets 1"), look("meets 2")), finish], { tools: given });
  expect(seen.slice(0, 2)).toEqual(["meets 1 begins", "meets 2 begins"]);
  expect(conversations[1]?.at(-1)?.content).toMatchObject([
    { tool_use_id: "toolu_0", content: "said meets 1" },
    { tool_use_id: "toolu_1", content: "said meets 2" },
  ]);
});

test("what may change something waits for all before it, and all after wait for it", async () => {
  const { seen, tools: given } = meeting();
  await loop([together(look("a"), change("b"), change("c"), look("d")), finish], { tools: given });
  expect(seen).toEqual(["a", "b", "c", "d"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test("one that fails keeps no other from being done", async () => {
  const { tools: given } = meeting();
  const { conversations } = await loop([together(look("fails"), look("b"), change("fails"), change("c")), finish], { tools: given });
  expect(conversations[1]?.at(-1)?.content).toMatchObject([
    { content: "It failed.", is_error: true },
    { content: "said b", is_error: false },
    { content: "It failed.", is_error: true },
    { content: "said c", is_error: false },
  ]);
});

test("the tools that only look say that they may run side by side, and no other does", () => {
  const parallel = Object.entries<Tool>(tools).flatMap(([name, { parallel }]) => (parallel ? [name] : []));
  expect(parallel.sort()).toEqual(["read", "search"]);
});

test.each([
  ["after all others are done, it ends the run", together(reads("a.txt"), finish), "patch", 1],
  ["before another, it does not", together(finish, reads("a.txt")), "stuck", 2],
  ["after one that failed, it does not", together(reads("gone.txt"), finish), "stuck", 2],
])("a call that ends: %s", async (_, answer, outcome, questions) => {
  const { end, asked } = await loop([answer, calls("report_stuck", { reason: "Hm." })]);
  expect([end.outcome, asked.length]).toEqual([outcome, questions]);
  if (questions > 1) expect(asked[1]).toContain("finish did not end the run");
});

test.each([
  ["no object", (n: number) => calls("read", `${n}`)],
  ["a list", (n: number) => calls("read", [n])],
  [
    "nothing that could be read",
    (n: number) => ({ ...calls("read", undefined), content: [...says(`${n}`).content, ...calls("read", undefined).content] }),
  ],
])("an input that is %s is told, and goes back as an object", async (_, call) => {
  const { asked, conversations } = await loop([call(1), finish]);
  expect(asked[1]).toContain("The input is wrong");
  expect(JSON.stringify(conversations[1]?.at(-2))).toContain('"input":{}');
});

const malformed = (n: number) => (n % 2 ? calls("deploy", { n }) : calls("read", { file: `${n}` }));

test("five malformed calls in a row are being stuck", async () => {
  const { end, asked } = await loop([0, 1, 2, 3, 4, 5].map(malformed));
  expect(end).toMatchObject({ outcome: "stuck", summary: expect.stringContaining("5 calls in a row were malformed") });
  expect(asked).toHaveLength(5);
});

test("a call that is well formed, even one that fails, begins the count anew", async () => {
  const { end } = await loop([malformed(0), malformed(1), malformed(2), reads("gone.txt"), malformed(3), malformed(4), finish]);
  expect(end.outcome).toBe("patch");
});

test("a call in the middle of which the answer was cut off is not done, the ones before it are", async () => {
  const { end, asked, conversations } = await loop([{ ...together(reads("a.txt"), runs("ask")), stopReason: "max_tokens" }, finish]);
  expect(end.outcome).toBe("patch");
  expect(conversations[1]?.at(-1)?.content).toMatchObject([
    { is_error: false },
    { is_error: true, content: expect.stringContaining("cut off") },
  ]);
  expect(asked[1]).toContain("alpha");
});
