/** Doing what one answer of the model asks for. */
import type Anthropic from "@anthropic-ai/sdk";
import { isObject } from "./answer.ts";
import { messageOf } from "./errors.ts";
import { headAndTail } from "./text.ts";
import { type Ending, type Tool, type Toolbox, WrongInput } from "./tools/tool.ts";

export interface Caller {
  readonly tools: Readonly<Record<string, Tool>>;
  readonly toolbox: Toolbox;
  /** Nothing new begins once it is given. */
  readonly over: AbortSignal;
  /** Called before each one is done. */
  readonly onCall: (call: Anthropic.ToolUseBlock) => void;
}

export interface Said {
  readonly call: Anthropic.ToolUseBlock;
  readonly text: string;
  readonly isError: boolean;
  /** The call itself was wrong: an unknown tool, an input that does not fit. */
  readonly malformed?: true;
}

export interface Done {
  /** In the order of the calls. */
  readonly said: readonly Said[];
  readonly end?: Ending;
}

type Result = Said | { readonly call: Anthropic.ToolUseBlock; readonly end: Ending };

/** Neighbours that change nothing run side by side, all else in order. One that fails keeps no other from being done. */
export async function doCalls(calls: readonly Anthropic.ToolUseBlock[], caller: Caller): Promise<Done> {
  const results: Result[] = [];
  for (const group of sideBySide(calls, caller)) {
    caller.over.throwIfAborted();
    for (const call of group) caller.onCall(call);
    results.push(...(await Promise.all(group.map((call) => use(call, caller)))));
  }
  const said = results.map((result) => ("end" in result ? tooEarly(result.call) : result));
  const last = results.at(-1);
  // Whoever ends in one breath with something that failed has not seen that it failed.
  return last && "end" in last && said.slice(0, -1).every(({ isError }) => !isError)
    ? { said: said.slice(0, -1), end: last.end }
    : { said };
}

function sideBySide(calls: readonly Anthropic.ToolUseBlock[], { tools }: Caller): Anthropic.ToolUseBlock[][] {
  const groups: Anthropic.ToolUseBlock[][] = [];
  let open = false;
  for (const call of calls) {
    const parallel = tools[call.name]?.parallel ?? false;
    if (parallel && open) groups.at(-1)?.push(call);
    else groups.push([call]);
    open = parallel;
  }
  return groups;
}

/** A tool's mistake is the model's to read and mend. */
async function use(call: Anthropic.ToolUseBlock, { tools, toolbox }: Caller): Promise<Result> {
  const tool = Object.hasOwn(tools, call.name) ? tools[call.name] : undefined;
  if (!tool) return wrong(call, `There is no tool ${call.name}; you have ${Object.keys(tools).join(", ")}.`);
  if (!isObject(call.input)) return wrong(call, "The input is wrong: it is not a JSON object.");
  try {
    const answer = await tool.run(call.input, toolbox);
    return "end" in answer ? { call, end: answer.end } : { call, text: answer.text, isError: false };
  } catch (error) {
    toolbox.signal.throwIfAborted();
    const text = headAndTail(messageOf(error));
    return error instanceof WrongInput ? wrong(call, text) : { call, text, isError: true };
  }
}

const wrong = (call: Anthropic.ToolUseBlock, text: string): Said => ({ call, text, isError: true, malformed: true });

const tooEarly = (call: Anthropic.ToolUseBlock): Said => ({
  call,
  text: `${call.name} did not end the run: it has to be the last call of an answer, and none before it may fail. Look at what the others said, then call it alone.`,
  isError: true,
});

/** Of the call in the middle of which an answer was cut off. */
export const cutShort = (call: Anthropic.ToolUseBlock): Said => ({
  call,
  text: "Your answer was cut off in the middle of this call, so it was not done. Make it in smaller pieces.",
  isError: true,
  malformed: true,
});
