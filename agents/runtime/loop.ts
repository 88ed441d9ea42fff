/** The agent loop: ask, do what was asked for, tell what came of it, until somebody says it is over. */
import type Anthropic from "@anthropic-ai/sdk";
import { messageOf } from "./errors.ts";
import { type Ask, ModelError } from "./model.ts";
import type { Usage } from "./outcome.ts";
import { hasPrice, knownModels, type Tokens, usdFor } from "./prices.ts";
import type { Stop } from "./stop.ts";
import { headAndTail } from "./text.ts";
import type { Ending, Tool, Toolbox } from "./tools/tool.ts";
import type { Note } from "./transcript.ts";

export interface LoopOptions {
  readonly ask: Ask;
  readonly model: string;
  readonly firstMessage: string;
  readonly tools: Readonly<Record<string, Tool>>;
  readonly toolbox: Toolbox;
  readonly limits: { readonly turns: number; readonly usd: number };
  /** Given when the run shall keep its work and end: no further question, no further tool. */
  readonly asked: AbortSignal;
  /** The project's own tests, to tell how often they were run. */
  readonly testCommand?: string | undefined;
  readonly note: Note;
  /** Called with every turn and tool call. */
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress extends Pick<Usage, "usd" | "tokens" | "turns" | "toolCalls"> {
  /** How often a command ran the project's tests. */
  readonly testRuns: number;
  /** How often the last tool was called with the same input in a row. */
  readonly sameCalls: number;
}

const noTokens: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

export const unused: Progress = { usd: 0, tokens: noTokens, turns: 0, toolCalls: 0, testRuns: 0, sameCalls: 0 };

const SAME_CALLS = 3;
const WORDS_ONLY = 3;

export async function work(options: LoopOptions): Promise<Ending> {
  const { ask, firstMessage, toolbox, limits, note, onProgress, testCommand } = options;
  if (!hasPrice(options.model)) throw new Error(`There is no price for the model ${options.model}; known are ${knownModels.join(", ")}.`);
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: [{ type: "text", text: firstMessage }] }];
  let progress = unused;
  let wordsOnly = 0;
  let lastCall = "";
  const made = (more: Partial<Progress>) => {
    progress = { ...progress, ...more };
    onProgress(progress);
  };
  const over = AbortSignal.any([toolbox.signal, options.asked]);
  note("user", { text: firstMessage });

  try {
    while (true) {
      over.throwIfAborted();
      if (progress.turns >= limits.turns) return limitReached(`It used all of its ${limits.turns} turns.`);
      if (progress.usd >= limits.usd) return limitReached(`It used $${progress.usd.toFixed(2)} of its $${limits.usd}.`);

      const { content, stopReason, tokens } = await ask(messages, over);
      made({ turns: progress.turns + 1, tokens: sum(progress.tokens, tokens), usd: progress.usd + usdFor(options.model, tokens) });
      note("assistant", { content, stopReason, tokens });
      messages.push({ role: "assistant", content: content.length > 0 ? content : [{ type: "text", text: "(nothing)" }] });
      if (stopReason === "refusal") return { outcome: "blocked", title: "Refused", summary: "The model refused this task." };

      const calls = content.filter((block) => block.type === "tool_use");
      if (calls.length === 0) {
        if (++wordsOnly >= WORDS_ONLY) return stuck("It only talked and used no tool.");
        const nudge =
          stopReason === "max_tokens"
            ? "Your answer was cut off. Go on, in smaller steps."
            : "Use a tool; end with the one that says you are done or stuck.";
        messages.push({ role: "user", content: [{ type: "text", text: nudge }] });
        continue;
      }
      wordsOnly = 0;

      const results: Anthropic.ToolResultBlockParam[] = [];
      for (const call of calls) {
        over.throwIfAborted();
        const thisCall = `${call.name} ${JSON.stringify(call.input)}`;
        made({ sameCalls: thisCall === lastCall ? progress.sameCalls + 1 : 1 });
        lastCall = thisCall;
        if (progress.sameCalls >= SAME_CALLS) return stuck(`It called ${call.name} ${SAME_CALLS} times in a row with the same input.`);

        made({ toolCalls: progress.toolCalls + 1, testRuns: progress.testRuns + (runs(call, testCommand) ? 1 : 0) });
        const answer = await use(call, options);
        if ("end" in answer) return answer.end;
        note("tool", { id: call.id, name: call.name, ...answer });
        results.push({ type: "tool_result", tool_use_id: call.id, content: answer.text, is_error: answer.isError });
      }
      messages.push({ role: "user", content: results });
    }
  } catch (error) {
    if (over.aborted) return stopped(over.reason);
    if (error instanceof ModelError) return withoutModel(error);
    throw error;
  }
}

/** A tool's mistake is the model's to read and mend. */
async function use(
  call: Anthropic.ToolUseBlock,
  { tools, toolbox }: LoopOptions,
): Promise<{ end: Ending } | { text: string; isError: boolean }> {
  const tool = tools[call.name];
  if (!tool) return { text: `There is no tool ${call.name}; you have ${Object.keys(tools).join(", ")}.`, isError: true };
  try {
    const answer = await tool.run(call.input, toolbox);
    return "end" in answer ? answer : { text: answer.text, isError: false };
  } catch (error) {
    toolbox.signal.throwIfAborted();
    return { text: headAndTail(messageOf(error)), isError: true };
  }
}

const limitReached = (summary: string): Ending => ({ outcome: "limit_reached", title: "Limit reached", summary });

const stuck = (summary: string): Ending => ({ outcome: "stuck", title: "Stuck", summary });

/** Whether a tool call runs this command, however it is spaced. */
function runs({ name, input }: Anthropic.ToolUseBlock, command: string | undefined): boolean {
  if (name !== "bash" || command === undefined) return false;
  const spaced = (text: string) => text.trim().replace(/\s+/g, " ");
  const script = typeof input === "object" && input !== null && "script" in input ? String(input.script) : "";
  return spaced(script).includes(spaced(command));
}

/** How a run ends that did not end itself. */
export function stopped(reason: Stop): Ending {
  if (reason === "asked")
    return {
      outcome: "blocked",
      title: "Interrupted",
      summary: "Something more urgent needed its place; its work is kept.",
      keep: "asked",
    };
  if (reason === "time") return limitReached("Its time was over.");
  const summary = reason === "fenced" ? "The Conductor gave the work to another run." : "The run was told to stop.";
  return { outcome: "blocked", title: "Stopped", summary };
}

function withoutModel({ why, message }: ModelError): Ending {
  if (why === "run-budget") return limitReached(message);
  if (why === "budget") return { ...limitReached(message), keep: "budget" };
  return { outcome: why === "superseded" ? "blocked" : "failed", title: "No model", summary: message };
}

const sum = (a: Progress["tokens"], b: Progress["tokens"]) => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
});
