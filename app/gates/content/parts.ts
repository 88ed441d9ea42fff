/** The parts of a text around words, so that patterns need not go over all of it. */
import type { Pattern } from "./idea.ts";
import type { Span, WordsIn } from "./words.ts";

export interface Part {
  readonly from: number;
  readonly text: string;
}

/** How far most patterns may reach before and behind one of their words. */
const BEFORE = 300;
const BEHIND = 700;

/** Where in a text a pattern may match, with what it may take of it. */
export function partsAround(text: string, found: WordsIn, { words, reach }: Pattern): readonly Part[] {
  const spans = words.flatMap((word) => found.get(word) ?? []);
  if (spans.length === 0) return [];
  return wider(spans, reach ?? BEFORE, reach ?? BEHIND).map(({ from, to }) => ({ from, text: text.slice(from, to) }));
}

function wider(spans: readonly Span[], before: number, behind: number): readonly Span[] {
  const parts: { from: number; to: number }[] = [];
  for (const { from, to } of spans.length > 1 ? spans.toSorted((a, b) => a.from - b.from) : spans) {
    const last = parts.at(-1);
    if (last && from - before <= last.to) last.to = Math.max(last.to, to + behind);
    else parts.push({ from: Math.max(0, from - before), to: to + behind });
  }
  return parts;
}
