/** How much room its budgets leave a call, before it is made. */
import { usdFor } from "../../../agents/runtime/prices.ts";
import type { Budget } from "./budgets.ts";
import type { Call } from "./call.ts";
import type { Worst } from "./under-way.ts";

/** Of a request; a guess that is right for code and prose. */
const BYTES_PER_TOKEN = 4;

/** An answer shorter than this is of no use. So a budget may be passed by one call's prompt and this much of an answer, and not by more. */
const SHORTEST_ANSWER = 1_024;

const promptOf = ({ bytes }: Call): number => Math.ceil(bytes / BYTES_PER_TOKEN);

const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** The budget that not even the prompt fits into, were all of it read from the provider's cache. */
export function tooSmall(call: Call, budgets: readonly Budget[]): Budget | undefined {
  const least = { usd: usdFor(call.model, { ...none, cacheRead: promptOf(call) }), tokens: promptOf(call) };
  return budgets.find(({ unit, limit, spent }) => spent + least[unit] > limit);
}

/** The longest answer that the budgets leave room for after the prompt, at most what was asked for. */
export function longestAnswer(call: Call, budgets: readonly Budget[]): number {
  const prompt = promptOf(call);
  const answers = budgets.map(({ unit, limit, spent }) => {
    const left = limit - spent - (unit === "tokens" ? prompt : usdFor(call.model, { ...none, input: prompt }));
    return unit === "tokens" ? left : left / answerPrice(call, prompt);
  });
  return Math.min(call.maxTokens, Math.max(call.thinking + SHORTEST_ANSWER, Math.floor(Math.min(...answers))));
}

/** What a call with an answer so long uses up at most, nothing of its prompt being in the cache. */
export function worstOf(call: Call, answer: number): Worst {
  const input = promptOf(call);
  return { usd: usdFor(call.model, { ...none, input, output: answer }), tokens: input + answer };
}

/** Dollars for one token of an answer to a prompt so long. */
const answerPrice = ({ model }: Call, prompt: number): number =>
  usdFor(model, { ...none, input: prompt, output: 1 }) - usdFor(model, { ...none, input: prompt });
