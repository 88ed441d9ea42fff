import { expect, test } from "@jest/globals";
import { type Progress, work } from "../../agents/runtime/loop.ts";
import { type Answer, ModelError } from "../../agents/runtime/model.ts";
import { tools } from "../../agents/runtime/tools/index.ts";
import { temporary, write } from "./support/repository.ts";
import { toolboxOf } from "./support/toolbox.ts";

const noTokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
const says = (text: string): Answer => ({ content: [{ type: "text", text, citations: null }], stopReason: "end_turn", tokens: noTokens });
const calls = (name: string, input: unknown, tokens = noTokens): Answer => ({
  content: [{ type: "tool_use", id: "toolu_1", name, input, caller: { type: "direct" } }],
  stopReason: "tool_use",
  tokens,
});
const reads = (path: string) => calls("read", { path });
const finish = calls("finish", { title: "Done", summary: "All of it." });

/** The loop with a model that says these in turn, and what it was asked with. */
async function loop(
  answers: readonly (Answer | Error)[],
  limits = { turns: 8, usd: 1 },
  signal = new AbortController().signal,
  { asked = new AbortController(), testCommand }: { asked?: AbortController; testCommand?: string } = {},
) {
  const workspace = temporary();
  write(workspace, { "a.txt": "alpha" });
  const left = [...answers];
  const questions: string[] = [];
  let progress: Progress | undefined;
  const end = await work({
    ask: async (messages, given) => {
      questions.push(JSON.stringify(messages.at(-1)));
      const answer = left.shift();
      given.throwIfAborted();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("The script is over.");
      return answer;
    },
    model: "claude-sonnet-4-5",
    firstMessage: "Go.",
    tools,
    toolbox: toolboxOf({
      workspace,
      signal,
      sandbox: {
        kind: "none",
        // The one command there is asks the run to stop while it is under way.
        run: async ({ script }) => {
          if (script === "ask") asked.abort("asked");
          return { exitCode: 0, output: `ran ${script}`, timedOut: false };
        },
        close: async () => undefined,
      },
    }),
    limits,
    asked: asked.signal,
    testCommand,
    note: () => undefined,
    onProgress: (made) => {
      progress = made;
    },
  });
  return { end, asked: questions, progress };
}

test("it goes on until the agent finishes", async () => {
  const { end, asked, progress } = await loop([reads("a.txt"), finish]);
  expect(end).toMatchObject({ outcome: "patch", title: "Done", summary: "All of it." });
  expect(asked[1]).toContain("1\\talpha");
  expect(progress).toMatchObject({ turns: 2, toolCalls: 2 });
});

test("an agent that says it is stuck ends stuck, with its reason", async () => {
  expect((await loop([calls("report_stuck", { reason: "No key." })])).end).toMatchObject({ outcome: "stuck", summary: "No key." });
});

test("a verdict ends a review with its findings", async () => {
  const findings = [{ path: "a.txt", line: 1, text: "Beta.", severity: "blocking" }];
  const { end } = await loop([calls("verdict", { verdict: "request_changes", summary: "No.", findings })]);
  expect(end).toMatchObject({ outcome: "review", verdict: "request_changes", findings });
});

test.each([
  ["a tool's error", reads("b.txt"), "b.txt does not exist."],
  ["a wrong input", calls("read", { file: "a.txt" }), "The input is wrong"],
  ["a tool that does not exist", calls("deploy", {}), "There is no tool deploy"],
  [
    "a request for changes without a finding",
    calls("verdict", { verdict: "request_changes", summary: "No." }),
    "needs at least one finding",
  ],
])("%s goes back to the model, which may go on", async (_, answer, text) => {
  const { end, asked } = await loop([answer, finish]);
  expect(asked[1]).toContain(text);
  expect(asked[1]).toContain('"is_error":true');
  expect(end.outcome).toBe("patch");
});

test("the same call three times in a row is being stuck", async () => {
  expect((await loop([reads("a.txt"), reads("a.txt"), reads("a.txt"), finish])).end).toMatchObject({
    outcome: "stuck",
    summary: "It called read 3 times in a row with the same input.",
  });
});

test("the same call with other work between is none", async () => {
  expect((await loop([reads("a.txt"), reads("b.txt"), reads("a.txt"), reads("b.txt"), reads("a.txt"), finish])).end.outcome).toBe("patch");
});

test("words alone are answered with a reminder, and three times are being stuck", async () => {
  const { end, asked } = await loop([says("I think…"), says("Well…"), says("So…")]);
  expect(asked[1]).toContain("Use a tool");
  expect(end.outcome).toBe("stuck");
});

test("its turns are counted, and the last one is the last", async () => {
  const { end, asked } = await loop([reads("a.txt"), reads("b.txt"), finish], { turns: 2, usd: 1 });
  expect(end).toMatchObject({ outcome: "limit_reached", summary: "It used all of its 2 turns." });
  expect(asked).toHaveLength(2);
});

test("its money is counted at list price", async () => {
  const { end, progress } = await loop([calls("read", { path: "a.txt" }, { ...noTokens, output: 100_000 }), finish]);
  expect(progress?.usd).toBe(1.5);
  expect(end).toMatchObject({ outcome: "limit_reached", summary: "It used $1.50 of its $1." });
});

test("once it is asked to stop the tool under way ends, and no tool and no question comes after it", async () => {
  const two = calls("bash", { script: "ask" });
  const { end, asked, progress } = await loop([{ ...two, content: [...two.content, ...reads("a.txt").content] }, finish]);
  expect(end).toMatchObject({ outcome: "blocked", title: "Interrupted", keep: "asked" });
  expect([asked.length, progress?.toolCalls]).toEqual([1, 1]);
});

test("a question under way is dropped when it is asked to stop", async () => {
  const asked = new AbortController();
  asked.abort("asked");
  expect((await loop([finish], undefined, undefined, { asked })).end).toMatchObject({ keep: "asked" });
});

test("runs of the project's tests are counted however they are spaced, and calls in a row that are the same", async () => {
  const bash = (script: string) => calls("bash", { script });
  const turns = [bash("cd a && npm  test"), bash("npm test"), bash("npm install"), reads("npm test"), reads("npm test"), finish];
  const { progress } = await loop(turns.slice(0, -1), { turns: 5, usd: 1 }, undefined, { testCommand: "npm test" });
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
  expect((await loop([finish], undefined, AbortSignal.abort(why))).end.outcome).toBe(outcome);
});

test("a model without a price is refused", async () => {
  await expect(work({ ...({} as Parameters<typeof work>[0]), model: "gpt-9" })).rejects.toThrow("There is no price for the model gpt-9");
});
