/**
 * The models: list prices, US dollars per million tokens (https://platform.claude.com/docs/en/about-claude/pricing), and how much
 * one conversation may hold (https://platform.claude.com/docs/en/models), as of November 2026. What is not here has no budget, so it is refused.
 */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
}

interface Model extends Price {
  /** Tokens of one conversation. */
  readonly window: number;
  /** The older models take a budget of tokens for it; the newer ones refuse that and decide themselves. */
  readonly thinking: "budget" | "adaptive";
  /** A prompt of more tokens than `above` pays these instead, on every token of its call. */
  readonly longPrompt?: Price & { readonly above: number };
}

const models: Readonly<Record<string, Model>> = {
  "claude-fable-5-1": { window: 1_000_000, thinking: "adaptive", input: 10, output: 50, cacheRead: 0.25 },
  "claude-fable-5": { window: 1_000_000, thinking: "adaptive", input: 10, output: 50, cacheRead: 1 },
  "claude-opus-5-5": { window: 1_000_000, thinking: "adaptive", input: 4, output: 20, cacheRead: 0.2 },
  "claude-opus-5": { window: 1_000_000, thinking: "adaptive", input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-8": { window: 1_000_000, thinking: "adaptive", input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-7": { window: 1_000_000, thinking: "adaptive", input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-6": { window: 1_000_000, thinking: "adaptive", input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-5": { window: 200_000, thinking: "budget", input: 5, output: 25, cacheRead: 0.5 },
  "claude-sonnet-5-5": { window: 1_000_000, thinking: "adaptive", input: 2, output: 10, cacheRead: 0.1 },
  "claude-sonnet-5": { window: 1_000_000, thinking: "adaptive", input: 2, output: 10, cacheRead: 0.2 },
  "claude-sonnet-4-6": { window: 1_000_000, thinking: "adaptive", input: 3, output: 15, cacheRead: 0.3 },
  "claude-sonnet-4-5": {
    window: 200_000,
    thinking: "budget",
    input: 3,
    output: 15,
    cacheRead: 0.3,
    longPrompt: { above: 200_000, input: 6, output: 22.5, cacheRead: 0.6 },
  },
  "claude-haiku-5-5": {
    window: 1_000_000,
    thinking: "adaptive",
    input: 0.1,
    output: 0.5,
    cacheRead: 0.01,
    longPrompt: { above: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05 },
  },
  "claude-haiku-4-5": { window: 200_000, thinking: "budget", input: 1, output: 5, cacheRead: 0.1 },
};

/** Tokens of one call. A cache entry for an hour costs more than one for five minutes. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** How many of `cacheWrite` are for an hour; none unless told. */
  readonly cacheWriteHour?: number | undefined;
}

export const knownModels: readonly string[] = Object.keys(models);

/** A dated name (`…-20250929`) costs what its undated one does. */
const modelOf = (model: string): Model | undefined => {
  const name = model.replace(/-\d{8}$/, "");
  return Object.hasOwn(models, name) ? models[name] : undefined;
};

export const hasPrice = (model: string): boolean => modelOf(model) !== undefined;

/** US dollars at list price. */
export function usdFor(model: string, { input, output, cacheRead, cacheWrite, cacheWriteHour = 0 }: Tokens): number {
  const known = knownOr(model);
  const { longPrompt } = known;
  const price = longPrompt && input + cacheRead + cacheWrite > longPrompt.above ? longPrompt : known;
  const writes = (cacheWrite - cacheWriteHour) * 1.25 + cacheWriteHour * 2;
  return ((input + writes) * price.input + output * price.output + cacheRead * price.cacheRead) / 1_000_000;
}

/** Tokens that a conversation may have before it is made shorter: seven tenths of the window, and below where a long prompt costs more. */
export function roomFor(model: string): number {
  const { window, longPrompt } = knownOr(model);
  return Math.floor(Math.min(window * 0.7, longPrompt ? longPrompt.above * 0.9 : window));
}

/** What the list says of a model. */
export const priceOf = (model: string): Model => knownOr(model);

export const thinkingOf = (model: string): Model["thinking"] => knownOr(model).thinking;

function knownOr(model: string): Model {
  const known = modelOf(model);
  if (!known) throw new Error(`There is no price for the model ${model}; known are ${knownModels.join(", ")}.`);
  return known;
}
