import { expect, test } from "@jest/globals";
import { work } from "../../agents/runtime/loop.ts";
import { ModelError } from "../../agents/runtime/model-error.ts";
import { calls, finish, loop, reads, runs, says, together } from "./support/loop.ts";

test("it goes on until the agent finishes", async () => {
  const { end, asked, progress } = await loop([reads("a.txt"), finish]);
  expect(end).toMatchObject({ outcome: "patch", title: "Done", summary: "All of it." });
  expect(asked[1]).toContain("1\\talpha");
  expect(progress).toMatchObject({ turns: 2, toolCalls: 2 });
});

test("an agent that says it is stuck ends stuck, with its reason", async () => {
  expect((await loop([calls("report_stuck", { reason: "No key." })])).end).toMatchObject({ outcome: "stuck", summary: "No key." });
});

test("a verdict ends a review", async () => {
  const { end } = await loop([calls("verdict", { verdict: "approve", summary: "Yes." })]);
  expect(end).toMatchObject({ outcome: "review", verdict: "approve" });
});

test("the same call three times in a row is being stuck, and it is told before", async () => {
  const { end, asked } = await loop([reads("a.txt"), reads("a.txt"), reads("a.txt"), finish]);
  expect(end).toMatchObject({ outcome: "stuck", summary: "It called read 3 times in a row with the same input." });
  expect(asked[1]).not.toContain("this very call");
  expect(asked[2]).toContain("this very call");
});

test("two calls in turns, three times each, are being stuck", async () => {
  const turn = [reads("a.txt"), reads("b.txt")];
  const { end } = await loop([...turn, ...turn, ...turn, finish]);
  expect(end).toMatchObject({ outcome: "stuck", summary: "It called read and read in turns, each 3 times with the same input." });
});

test("the same call with other work between is none", async () => {
  expect((await loop([reads("a.txt"), reads("b.txt"), reads("a.txt"), reads("b.txt"), reads("a.txt"), finish])).end.outcome).toBe("patch");
});

const looking = Array.from({ length: 8 }, (_, n) => reads(`${n}.txt`));

test("turns that change no file and run no test are being stuck, and it is told before", async () => {
  const { end, asked } = await loop(looking, { mustChange: true, treeSha: () => "same", idleTurns: 7 });
  expect(end).toMatchObject({ outcome: "stuck", summary: "In 7 turns it changed no file and ran no test." });
  expect(asked.map((said) => said.includes("changed no file and run no test"))).toEqual([
    false,
    false,
    false,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test.each<[string, object]>([
  ["files that change", { treeSha: () => String(Math.random()) }],
  ["work that is not to change any", { mustChange: false }],
])("%s are no standstill", async (_, more) => {
  const { end } = await loop(looking, { mustChange: true, treeSha: () => "same", idleTurns: 4, ...more });
  expect(end).toMatchObject({ outcome: "limit_reached" });
});

test("tests that run are no standstill", async () => {
  const turns = Array.from({ length: 8 }, (_, n) => runs(`npm test ${n}`));
  const { end } = await loop(turns, { mustChange: true, treeSha: () => "same", idleTurns: 4, testCommand: "npm test" });
  expect(end).toMatchObject({ outcome: "limit_reached" });
});

test("an answer that was cut off is told so", async () => {
  const { asked } = await loop([{ ...says("I th"), stopReason: "max_tokens" }, finish]);
  expect(asked[1]).toContain("cut off");
});

test("an answer that pauses goes on as it is", async () => {
  const { end, conversations } = await loop([{ ...says("Hm."), stopReason: "pause_turn" }, finish]);
  expect([end.outcome, conversations[1]?.at(-1)?.role]).toEqual(["patch", "assistant"]);
});

test("an empty word does not go back: the provider would refuse the conversation", async () => {
  const { conversations } = await loop([{ ...reads("a.txt"), content: [...says(" ").content, ...reads("a.txt").content] }, finish]);
  expect(conversations[1]?.at(-2)?.content).toMatchObject([{ type: "tool_use" }]);
});

test("words alone are answered with a reminder, and three times are being stuck", async () => {
  const { end, asked } = await loop([says("I think…"), says("Well…"), says("So…")]);
  expect(asked[1]).toContain("Use a tool");
  expect(end.outcome).toBe("stuck");
});

test("its turns are counted, and the last one is the last", async () => {
  const { end, asked } = await loop([reads("a.txt"), reads("b.txt"), finish], { limits: { turns: 2, usd: 1 } });
  expect(end).toMatchObject({ outcome: "limit_reached", summary: "It used all of its 2 turns." });
  expect(asked).toHaveLength(2);
});

test("its money is counted at list price", async () => {
  const { end, progress } = await loop([reads("a.txt", { output: 100_000 }), finish]);
  expect(progress?.usd).toBe(1.5);
  expect(end).toMatchObject({ outcome: "limit_reached", summary: "It used $1.50 of its $1." });
});

test.each([
  ["turns", { turns: 5, usd: 1 }, {}, 5],
  ["money", { turns: 99, usd: 1 }, { output: 31_000 }, 3],
])("shortly before its %s are used up it is told once to come to an end", async (_, limits, tokens, at) => {
  const { asked } = await loop([...looking.map(({ content }) => ({ ...reads("", tokens), content }))], { limits });
  expect(asked.flatMap((said, n) => (said.includes("The end of this run is near") ? [n + 1] : []))).toEqual([at]);
});

test("what the tools say is bounded over the whole run", async () => {
  const { end, asked } = await loop([reads("a.txt"), reads("b.txt"), reads("c.txt"), finish], { mostOutput: 25 });
  expect(end).toMatchObject({ outcome: "limit_reached", summary: expect.stringContaining("more than one run may read") });
  expect(asked).toHaveLength(2);
});

test("thoughts stay in the conversation as they came", async () => {
  const thought = { type: "thinking", thinking: "Hm.", signature: "signed" } as const;
  const { conversations } = await loop([{ ...reads("a.txt"), content: [thought, ...reads("a.txt").content] }, finish]);
  expect(conversations[1]?.at(-2)?.content).toMatchObject([thought, { type: "tool_use" }]);
});

test("once it is asked to stop the tool under way ends, and no tool and no question comes after it", async () => {
  const { end, asked, progress } = await loop([together(runs("ask"), reads("a.txt")), finish]);
  expect(end).toMatchObject({ outcome: "blocked", title: "Interrupted", keep: "asked" });
  expect([asked.length, progress?.toolCalls]).toEqual([1, 1]);
});

test("a question under way is dropped when it is asked to stop", async () => {
  const asked = new AbortController();
  asked.abort("asked");
  expect((await loop([finish], { asked })).end).toMatchObject({ keep: "asked" });
});

test("runs of the project's tests are counted however they are spaced, and calls in a row that are the same", async () => {
  const turns = [runs("cd a && npm  test"), runs("npm test"), runs("npm install"), reads("npm test"), reads("npm test")];
  const { progress } = await loop(turns, { limits: { turns: 5, usd: 1 }, testCommand: "npm test" });
  expect(progress).toMatchObject({ testRuns: 2, sameCalls: 2 });
});

test.each([
  ["its issue's or its day's", "budget", "budget"],
  ["its own", "run-budget", undefined],
] as const)("work is kept for later when %s budget is spent: %s", async (_, why, keep) => {
  expect((await loop([new ModelError(why, "Spent.")])).end.keep).toBe(keep);
});

test.each([
  ["a spent budget", new ModelError("budget", "Spent."), "limit_reached"],
  ["a run that was replaced", new ModelError("superseded", "Replaced."), "blocked"],
  ["a model that stays away", new ModelError("unavailable", "Away."), "failed"],
])("%s ends the run", async (_, error, outcome) => {
  expect((await loop([reads("a.txt"), error])).end.outcome).toBe(outcome);
});

test("a refusal ends it blocked, for a person", async () => {
  expect((await loop([{ ...says(""), content: [], stopReason: "refusal" }])).end.outcome).toBe("blocked");
});

test.each([
  ["time", "limit_reached"],
  ["told", "blocked"],
  ["fenced", "blocked"],
])("a stop by %s ends it with %s", async (why, outcome) => {
  expect((await loop([finish], { signal: AbortSignal.abort(why) })).end.outcome).toBe(outcome);
});

test.each([
  ["told", "told"],
  ["fenced", undefined],
  ["time", undefined],
])("of a run that is stopped by %s the work is kept: %s", async (why, keep) => {
  expect((await loop([finish], { signal: AbortSignal.abort(why) })).end.keep).toBe(keep);
});

test("a model without a price is refused", async () => {
  await expect(work({ ...({} as Parameters<typeof work>[0]), model: "gpt-9" })).rejects.toThrow("There is no price for the model gpt-9");
});
