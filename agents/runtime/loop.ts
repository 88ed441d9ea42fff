/** The agent loop: ask, do what was asked for, tell what came of it, until somebody says it is over. */
import type Anthropic from "@anthropic-ai/sdk";
import { type Answer, isCutOff, sendable } from "./answer.ts";
import { IDLE_TURNS, MALFORMED, MOST_OUTPUT, WORDS_ONLY } from "./bounds.ts";
import { cutShort, doCalls, type Said } from "./calls.ts";
import { type Shortened, shortened } from "./compaction.ts";
import type { Conversation } from "./context.ts";
import { limitReached, refused, stopped, stuck, withoutModel } from "./endings.ts";
import type { Ask } from "./model.ts";
import { ModelError } from "./model-error.ts";
import type { Usage } from "./outcome.ts";
import { hasPrice, knownModels, roomFor, type Tokens, thinkingOf, usdFor } from "./prices.ts";
import { called, goingRound, idle, isStuck, nearTheEnd, noTrail, runs, type Trail, turned } from "./progress.ts";
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
  /** The work is to change files: turns in which none changes and no test runs are counted. */
  readonly mustChange?: boolean;
  /** What the workspace's files are worth, as far as it is known now. */
  readonly treeSha?: (() => string | undefined) | undefined;
  /** What differs from where the work began, a path each. */
  readonly changedFiles?: (() => Promise<readonly string[]>) | undefined;
  readonly note: Note;
  /** Called with every turn and tool call. */
  readonly onProgress: (progress: Progress) => void;
  /** Tokens of the conversation before it is made shorter; as the model allows unless told. */
  readonly room?: number;
  /** Turns without a change before it is stuck. */
  readonly idleTurns?: number;
  /** Bytes of all that the tools say in the whole run (R25). */
  readonly mostOutput?: number;
}

export interface Progress extends Pick<Usage, "usd" | "tokens" | "turns" | "toolCalls"> {
  /** How often a command ran the project's tests. */
  readonly testRuns: number;
  /** How often the last tool was called with the same input in a row. */
  readonly sameCalls: number;
}

const noTokens: Usage["tokens"] = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

export const unused: Progress = { usd: 0, tokens: noTokens, turns: 0, toolCalls: 0, testRuns: 0, sameCalls: 0 };

const CUT_OFF = "Your answer was cut off. Go on, in smaller steps.";
const USE_A_TOOL = "Use a tool; end with the one that says you are done or stuck.";

/** Turns between two compactions: a task that fills the window by itself is not summed up every turn. */
const APART = 3;

export async function work(options: LoopOptions): Promise<Ending> {
  const { model, firstMessage, toolbox, limits, note, testCommand } = options;
  if (!hasPrice(model)) throw new Error(`There is no price for the model ${model}; known are ${knownModels.join(", ")}.`);
  const over = AbortSignal.any([toolbox.signal, options.asked]);
  const room = options.room ?? roomFor(model);
  let conversation: Conversation = [{ role: "user", content: [{ type: "text", text: firstMessage }] }];
  let progress = unused;
  let trail: Trail = noTrail;
  let wordsOnly = 0;
  let malformed = 0;
  let output = 0;
  let shortenedAt = -APART;
  let warned = false;
  const made = (more: Partial<Progress>) => {
    progress = { ...progress, ...more };
    options.onProgress(progress);
  };
  const paid = (tokens: Tokens) => made({ tokens: sum(progress.tokens, tokens), usd: progress.usd + usdFor(model, tokens) });
  note("user", { text: firstMessage });

  try {
    while (true) {
      over.throwIfAborted();
      if (progress.turns >= limits.turns) return limitReached(`It used all of its ${limits.turns} turns.`);
      if (progress.usd >= limits.usd) return limitReached(`It used $${progress.usd.toFixed(2)} of its $${limits.usd}.`);

      const answer = await nextAnswer();
      const { content, stopReason, tokens } = answer;
      made({ turns: progress.turns + 1 });
      paid(tokens);
      note("assistant", { content, stopReason, tokens });
      if (stopReason === "refusal") return refused;
      conversation = [...conversation, { role: "assistant", content: sendable(content) }];
      if (stopReason === "pause_turn") continue;

      const calls = content.filter((block) => block.type === "tool_use");
      if (calls.length === 0) {
        if (++wordsOnly >= WORDS_ONLY) return stuck("It only talked and used no tool.");
        hear([], [isCutOff(answer) ? CUT_OFF : USE_A_TOOL]);
      } else {
        wordsOnly = 0;
        const end = await act(calls, isCutOff(answer));
        if (end) return end;
      }
      const held = tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.output;
      if ((held >= room || stopReason === "model_context_window_exceeded") && progress.turns - shortenedAt >= APART) await shorten(false);
    }
  } catch (error) {
    if (over.aborted) return stopped(over.reason);
    if (error instanceof ModelError) return withoutModel(error);
    throw error;
  }

  /** A conversation that the model refuses as too long is made shorter, once. */
  async function nextAnswer(): Promise<Answer> {
    try {
      return await options.ask(conversation, over);
    } catch (error) {
      if (!(error instanceof ModelError) || error.why !== "too-long") throw error;
      await shorten(true);
      return options.ask(conversation, over);
    }
  }

  async function shorten(isRefused: boolean): Promise<void> {
    const { ask, changedFiles } = options;
    const thoughts = thinkingOf(model) === "adaptive" ? "dropped" : "kept";
    const result: Shortened = await shortened(conversation, isRefused, { ask, toolbox, changedFiles, thoughts, room, over });
    conversation = result.conversation;
    shortenedAt = progress.turns;
    if (result.tokens) paid(result.tokens);
    note("compacted", { text: result.text });
  }

  /** Does what one answer asks for. The last call of one that was cut off is not whole, so it is not done. */
  async function act(calls: readonly Anthropic.ToolUseBlock[], cutOff: boolean): Promise<Ending | undefined> {
    const nudges: string[] = [];
    for (const { name, input } of calls) {
      trail = called(trail, `${name} ${JSON.stringify(input)}`);
      made({ sameCalls: trail.sameCalls });
      const round = goingRound(trail);
      if (isStuck(round)) return stuck(round.stuck);
      if (round) nudges.push(round.nudge);
    }
    const whole = cutOff ? calls.slice(0, -1) : calls;
    const onCall = (call: Anthropic.ToolUseBlock) =>
      made({ toolCalls: progress.toolCalls + 1, testRuns: progress.testRuns + (runs(call, testCommand) ? 1 : 0) });
    const done = await doCalls(whole, { tools: options.tools, toolbox, over, onCall });
    for (const { call, text, isError } of done.said) note("tool", { id: call.id, name: call.name, text, isError });
    if (done.end) return done.end;

    const said = [...done.said, ...calls.slice(whole.length).map(cutShort)];
    output += said.reduce((bytes, { text }) => bytes + Buffer.byteLength(text), 0);
    if (output > (options.mostOutput ?? MOST_OUTPUT))
      return limitReached(`Its tools have said ${output} bytes in all: more than one run may read.`);
    for (const one of said) malformed = one.malformed ? malformed + 1 : 0;
    if (malformed >= MALFORMED)
      return stuck(`${malformed} calls in a row were malformed. The last one: ${said.at(-1)?.text.slice(0, 300)}`);
    if (options.mustChange && options.treeSha) {
      trail = turned(trail, `${options.treeSha()} ${progress.testRuns}`);
      const still = idle(trail, options.idleTurns ?? IDLE_TURNS);
      if (isStuck(still)) return stuck(still.stuck);
      if (still) nudges.push(still.nudge);
    }
    hear(said, nudges);
    return undefined;
  }

  /** What came of the calls, then what the runtime has to say. */
  function hear(said: readonly Said[], nudges: readonly string[]): void {
    const last = warned ? undefined : nearTheEnd(progress, limits);
    warned ||= last !== undefined;
    const words = last ? [...nudges, last] : nudges;
    for (const text of words) note("user", { text });
    const results = said.map(({ call, text, isError }) => ({
      type: "tool_result" as const,
      tool_use_id: call.id,
      content: text,
      is_error: isError,
    }));
    conversation = [...conversation, { role: "user", content: [...results, ...words.map((text) => ({ type: "text" as const, text }))] }];
  }
}

export const sum = (a: Usage["tokens"], b: Tokens) => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
});
