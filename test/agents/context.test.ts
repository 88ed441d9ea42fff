import type Anthropic from "@anthropic-ai/sdk";
import { expect, test } from "@jest/globals";
import { type Conversation, compacted, withoutOldResults } from "../../agents/runtime/context.ts";
import { ModelError } from "../../agents/runtime/model-error.ts";
import { openNotebook } from "../../agents/runtime/notebook.ts";
import { calls, loop, reads, says } from "./support/loop.ts";

const task: Anthropic.MessageParam = { role: "user", content: [{ type: "text", text: "The task." }] };

/** A turn that calls so many tools, and what they said, so many characters each. */
const turn = (n: number, size: number, count = 1): Conversation => {
  const ids = Array.from({ length: count }, (_, m) => `toolu_${n}_${m}`);
  return [
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Hm.", signature: "signed" },
        ...ids.map((id) => ({ type: "tool_use" as const, id, name: "read", input: {} })),
      ],
    },
    { role: "user", content: ids.map((id) => ({ type: "tool_result" as const, tool_use_id: id, content: `${n}`.repeat(size) })) },
  ];
};
const conversation = (sizes: readonly number[], count = 1): Conversation => [task, ...sizes.flatMap((size, n) => turn(n, size, count))];

const blocks = (of: Conversation) => of.flatMap(({ content }) => (typeof content === "string" ? [] : content));
const results = (of: Conversation) => blocks(of).flatMap((block) => (block.type === "tool_result" ? [String(block.content).length] : []));

/** Every call stands right before its result, and no result stands without its call. */
function expectWhole(of: Conversation) {
  for (const [index, { role, content }] of of.entries()) {
    if (role !== "assistant" || typeof content === "string") continue;
    const called = content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    const next = of[index + 1]?.content;
    const answered = Array.isArray(next) ? next.flatMap((block) => (block.type === "tool_result" ? [block.tool_use_id] : [])) : [];
    expect(answered).toEqual(called);
  }
  const ids = blocks(of);
  expect(ids.filter(({ type }) => type === "tool_result")).toHaveLength(ids.filter(({ type }) => type === "tool_use").length);
  expect(of[0]?.role).toBe("user");
}

test("large results of old turns are left out; small ones and the last three turns stay", () => {
  const shorter = withoutOldResults(conversation([9_000, 100, 9_000, 9_000, 9_000, 9_000]), "kept") ?? [];
  expect(results(shorter).map((size) => size >= 9_000)).toEqual([false, false, false, true, true, true]);
  expect(results(shorter)[1]).toBe(100);
  expect(JSON.stringify(shorter)).toContain("[… left out, 9000 bytes: call again if you need it …]");
  expect(shorter[0]).toEqual(task);
  expectWhole(shorter);
});

test("where old results are little, nothing is left out: a change costs the cache", () => {
  expect(withoutOldResults(conversation([3_000, 100, 100, 9_000, 9_000, 9_000]), "kept")).toBeUndefined();
});

test("the task stays first as it was, then come the notes, then the last three turns as they were", () => {
  const before = conversation([100, 100, 100, 100, 100]);
  const after = compacted(before, "The notes.", 100_000, "kept");
  expect(after[0]?.content).toEqual([
    { type: "text", text: "The task." },
    { type: "text", text: "The notes." },
  ]);
  expect(after.slice(1)).toEqual(before.slice(5));
  expectWhole(after);
  const again = compacted(after, "Other notes.", 100_000, "kept");
  expect(again[0]?.content).toEqual([
    { type: "text", text: "The task." },
    { type: "text", text: "Other notes." },
  ]);
});

test.each([
  ["three turns that fit", [1_000, 1_000, 1_000, 1_000], 3],
  ["two, where three are too long", [1_000, 5_000, 1_000, 1_000], 2],
  ["one, where two are too long", [1_000, 1_000, 5_000, 1_000], 1],
])("of the last turns as many stay as there is room for: %s", (_, sizes, kept) => {
  const after = compacted(conversation(sizes), "Notes.", 2_500, "dropped");
  expect(results(after)).toEqual(sizes.slice(-kept));
  expectWhole(after);
});

test("a single turn that is too long keeps head and tail of each of its results", () => {
  const after = compacted(conversation([100, 50_000], 20), "Notes.", 10_000, "kept");
  expect(results(after)).toHaveLength(20);
  expect(JSON.stringify(after).length).toBeLessThan(40_000);
  expectWhole(after);
});

test.each([
  ["kept", true],
  ["dropped", false],
] as const)("thoughts are %s, as the model demands", (thoughts, found) => {
  const has = (of: Conversation | undefined) => blocks(of ?? []).some(({ type }) => type === "thinking");
  expect(has(compacted(conversation([100, 100]), "Notes.", 10_000, thoughts))).toBe(found);
  expect(has(withoutOldResults(conversation([9_000, 9, 9, 9]), thoughts))).toBe(found);
});

/** A notebook with a plan and a finding. */
function notebook() {
  const { writePlan, addFinding, ...read } = openNotebook();
  writePlan("1. Look. 2. Change the till.");
  addFinding({ path: "src/till.ts", line: 7, text: "It loses tips.", severity: "blocking" });
  return { writePlan, addFinding, ...read };
}
const finish = calls("finish", {
  ...{ title: "Done", summary: "All of it.", why: "So it was asked.", tested: "npm test" },
  answers: [{ finding: "c12", did: "changed", why: "It was wrong." }],
});
const full = { input: 900 };
const asked = [{ id: "c12", by: "ada", text: "Why?" }];
const room = {
  room: 1_000,
  limits: { turns: 20, usd: 1 },
  toolbox: { notebook: notebook(), asked },
  changedFiles: async () => ["src/till.ts"],
};

test("a conversation that fills its room gives way to the plan, the findings, the changed files and the model's own summary", async () => {
  const turns = [
    reads("a.txt"),
    reads("b.txt"),
    reads("c.txt"),
    reads("d.txt"),
    reads("e.txt", { input: 1_000 }),
    says("I know the till."),
    finish,
  ];
  const { end, conversations, notes, progress } = await loop(turns, room);
  expect(end.outcome).toBe("patch");
  expect(JSON.stringify(conversations[5]?.at(-1))).toContain("This conversation has to be cut");
  const after = conversations[6] ?? [];
  const [first, told] = blocks(after);
  expect(first).toEqual({ type: "text", text: "Go." });
  for (const known of ["1. Look. 2. Change the till.", "c12", "blocking: src/till.ts:7: It loses tips.", "I know the till."]) {
    expect(told).toMatchObject({ text: expect.stringContaining(known) });
  }
  expect(told).toMatchObject({ text: expect.stringMatching(/Files that differ[\s\S]*src\/till\.ts/) });
  expect(after).toHaveLength(7);
  expectWhole(after);
  expect(notes.filter(({ type }) => type === "compacted")).toHaveLength(1);
  // The summary is paid for, and is no turn.
  expect(progress?.turns).toBe(6);
});

test("without a summary the notes have to do", async () => {
  const { end, conversations } = await loop([reads("a.txt", { input: 1_000 }), new ModelError("unavailable", "Away."), finish], room);
  expect(end.outcome).toBe("patch");
  expect(JSON.stringify(conversations.at(-1))).toContain("Change the till");
});

test("a conversation below its room stays as it is", async () => {
  const { notes } = await loop([reads("a.txt", full), reads("b.txt", full), finish], room);
  expect(notes.some(({ type }) => type === "compacted")).toBe(false);
});

test("a conversation that the model refuses as too long is made shorter and asked once more", async () => {
  const { end, conversations } = await loop(
    [reads("a.txt"), new ModelError("too-long", "prompt is too long"), says("Known."), finish],
    room,
  );
  expect(end.outcome).toBe("patch");
  expect(JSON.stringify(conversations.at(-1))).toContain("Known.");
});

test("one that is still too long ends the run", async () => {
  const tooLong = () => new ModelError("too-long", "prompt is too long");
  const { end } = await loop([reads("a.txt"), tooLong(), says("Known."), tooLong(), finish], room);
  expect(end).toMatchObject({ outcome: "failed", summary: "prompt is too long" });
});

test("a stop while the summary is asked for is a stop", async () => {
  const stop = new AbortController();
  const changedFiles = async () => {
    stop.abort("asked");
    return [];
  };
  const { end } = await loop([reads("a.txt", { input: 1_000 }), says("Known."), finish], { ...room, changedFiles, asked: stop });
  expect(end.keep).toBe("asked");
});

test("a run whose task alone fills the window is not summed up every turn", async () => {
  const turns = Array.from({ length: 12 }, (_, n) => calls("plan", { plan: `${n}` }, { input: 1_000 }));
  const { notes } = await loop(turns, { ...room, limits: { turns: 8, usd: 1 } });
  expect(notes.filter(({ type }) => type === "compacted").length).toBeLessThanOrEqual(3);
});
