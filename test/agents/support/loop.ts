import type { Answer } from "../../../agents/runtime/answer.ts";
import { type LoopOptions, type Progress, work } from "../../../agents/runtime/loop.ts";
import { openNotebook } from "../../../agents/runtime/notebook.ts";
import { tools } from "../../../agents/runtime/tools/index.ts";
import type { Toolbox } from "../../../agents/runtime/tools/tool.ts";
import { temporary, write } from "./repository.ts";
import { sandboxOf } from "./sandbox.ts";
import { toolboxOf } from "./toolbox.ts";

type Block = Answer["content"][number];

const noTokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

const toolUse = (name: string, input: unknown, id = "toolu_1"): Block => ({
  type: "tool_use",
  id,
  name,
  input,
  caller: { type: "direct" },
});

export const says = (text: string): Answer => ({
  content: [{ type: "text", text, citations: null }],
  stopReason: "end_turn",
  tokens: noTokens,
});

export const calls = (name: string, input: unknown, tokens: Partial<Answer["tokens"]> = {}): Answer => ({
  content: [toolUse(name, input)],
  stopReason: "tool_use",
  tokens: { ...noTokens, ...tokens },
});

export const reads = (path: string, tokens: Partial<Answer["tokens"]> = {}) => calls("read", { path }, tokens);

export const runs = (script: string) => calls("bash", { script });

/** All that these call, in one answer. */
export const together = (...answers: readonly Answer[]): Answer => {
  const blocks = answers.flatMap(({ content }) => content);
  return {
    content: blocks.map((block, n) => ("id" in block ? { ...block, id: `toolu_${n}` } : block)),
    stopReason: "tool_use",
    tokens: noTokens,
  };
};

export const finish = calls("finish", { title: "Done", summary: "All of it." });

export interface Given extends Partial<Omit<LoopOptions, "asked" | "toolbox">> {
  readonly signal?: AbortSignal;
  readonly asked?: AbortController;
  readonly toolbox?: Partial<Toolbox>;
}

/** The loop with a model that says these in turn: how it ended, what it was asked with, and what was noted. */
export async function loop(answers: readonly (Answer | Error)[], { signal, asked = new AbortController(), toolbox, ...more }: Given = {}) {
  const workspace = temporary();
  write(workspace, { "a.txt": "alpha" });
  const left = [...answers];
  const conversations: Parameters<LoopOptions["ask"]>[0][] = [];
  const notes: { readonly type: string; readonly [more: string]: unknown }[] = [];
  let progress: Progress | undefined;
  const end = await work({
    ask: async (messages, given) => {
      conversations.push(structuredClone(messages));
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
      ...(signal ? { signal } : {}),
      notebook: openNotebook(),
      sandbox: sandboxOf({
        // The one command there is asks the run to stop while it is under way.
        run: async ({ script }) => {
          if (script === "ask") asked.abort("asked");
          return { exitCode: 0, output: `ran ${script}`, timedOut: false };
        },
      }),
      ...toolbox,
    }),
    limits: { turns: 8, usd: 1 },
    asked: asked.signal,
    note: (type, data) => notes.push({ type, ...data }),
    onProgress: (made) => {
      progress = made;
    },
    ...more,
  });
  return { end, asked: conversations.map((messages) => JSON.stringify(messages.at(-1))), conversations, progress, notes };
}
