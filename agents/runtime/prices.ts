/**
 * List prices, US dollars per million tokens, as of November 2026
 * (https://platform.claude.com/docs/en/about-claude/pricing). A model without a price has no budget, so it is refused.
 */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
}

interface Model extends Price {
  /** A prompt of more tokens than `above` pays these instead, on every token of its call. */
  readonly longPrompt?: Price & { readonly above: number };
}

const models: Readonly<Record<string, Model>> = {
  "claude-fable-5-1": { input: 10, output: 50, cacheRead: 0.25 },
  "claude-fable-5": { input: 10, output: 50, cacheRead: 1 },
  "claude-opus-5-5": { input: 4, output: 20, cacheRead: 0.2 },
  "claude-opus-5": { input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-8": { input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-7": { input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-6": { input: 5, output: 25, cacheRead: 0.5 },
  "claude-opus-4-5": { input: 5, output: 25, cacheRead: 0.5 },
  "claude-sonnet-5-5": { input: 2, output: 10, cacheRead: 0.1 },
  "claude-sonnet-5": { input: 2, output: 10, cacheRead: 0.2 },
  "claude-sonnet-4-6": { input: 3, output: 15, cacheRead: 0.3 },
  "claude-sonnet-4-5": { input: 3, output: 15, cacheRead: 0.3, longPrompt: { above: 200_000, input: 6, output: 22.5, cacheRead: 0.6 } },
  "claude-haiku-5-5": {
    input: 0.1,
    output: 0.5,
    cacheRead: 0.01,
    longPrompt: { above: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05 },
  },
  "claude-haiku-4-5": { input: 1, output: 5, cacheRead: 0.1 },
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
  const known = modelOf(model);
  if (!known) throw new Error(`There is no price for the model ${model}; known are ${knownModels.join(", ")}.`);
  const { longPrompt } = known;
  const price = longPrompt && input + cacheRead + cacheWrite > longPrompt.above ? longPrompt : known;
  const writes = (cacheWrite - cacheWriteHour) * 1.25 + cacheWriteHour * 2;
  return ((input + writes) * price.input + output * price.output + cacheRead * price.cacheRead) / 1_000_000;
}
