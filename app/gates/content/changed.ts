/** Looks for something in what a change adds and removes, over the ends of lines (R11). */
import type { Change, Line } from "../gate.ts";
import { onceFor } from "./once.ts";

/** A run of lines of one side of a change that are changed or near a changed one. What is derived from it can be kept by it. */
export interface Stretch {
  readonly text: string;
  readonly removed: boolean;
  /** The number of the first changed line that `[from, to)` touches. */
  readonly changedLine: (from: number, to: number) => number | undefined;
}

/** Offsets into a text: `[from, to)`. */
export type Places = readonly (readonly [from: number, to: number])[];

/** Something to look for, in the text of a stretch. */
export interface Matcher {
  readonly find: (text: string, stretch: Stretch) => Places;
}

export interface Hit<M extends Matcher = Matcher> {
  readonly matcher: M;
  /** Of the head, or of the merge base where it was removed. */
  readonly line: number;
  readonly removed: boolean;
  /** What matched, on one line, cut. */
  readonly text: string;
}

/** How many lines around a changed one belong to what it may complete: a statement is rarely longer. */
const AROUND = 40;
const LONGEST_TEXT = 80;

/** Everything that matches in lines that the change adds or removes, also where only a part of the match is on such a line. */
export const changedHits = <M extends Matcher>(change: Change, matchers: readonly M[]): readonly Hit<M>[] =>
  stretchesOf(change).flatMap((stretch) =>
    matchers.flatMap((matcher) =>
      matcher.find(stretch.text, stretch).flatMap(([from, to]) => {
        const line = stretch.changedLine(from, to);
        return line === undefined ? [] : [{ matcher, line, removed: stretch.removed, text: oneLine(stretch.text.slice(from, to)) }];
      }),
    ),
  );

/** First those of the head, then those of the merge base. */
export const stretchesOf: (change: Change) => readonly Stretch[] = onceFor(({ head, added, base, removed }: Change) => [
  ...stretchesIn(head, added, false),
  ...stretchesIn(base, removed, true),
]);

function stretchesIn(whole: string | undefined, changed: readonly Line[], removed: boolean): readonly Stretch[] {
  if (changed.length === 0) return [];
  if (whole === undefined) return [stretchOf(changed.map(({ text }) => text).join("\n"), removed, (index) => changed[index]?.line)];
  const numbers = ascending(changed.map(({ line }) => line));
  return textsOf(whole, windows(numbers)).map(({ text, first }) =>
    stretchOf(text, removed, (index) => (setOf(numbers).has(first + index) ? first + index : undefined)),
  );
}

const setOf = onceFor((numbers: readonly number[]): ReadonlySet<number> => new Set(numbers));

/** `changedAt` gives the number of a changed line by its index in the text. What it takes to find one is mostly not needed. */
function stretchOf(text: string, removed: boolean, changedAt: (index: number) => number | undefined): Stretch {
  let starts: readonly number[] | undefined;
  return {
    text,
    removed,
    changedLine: (from, to) => {
      starts ??= startsOf(text);
      const last = indexAt(starts, Math.max(from, to - 1));
      for (let index = indexAt(starts, from); index <= last; index++) {
        const line = changedAt(index);
        if (line !== undefined) return line;
      }
      return undefined;
    },
  };
}

const ascending = (numbers: readonly number[]): readonly number[] =>
  numbers.some((number, index) => number < (numbers[index - 1] ?? 0)) ? numbers.toSorted((a, b) => a - b) : numbers;

/** Numbers of lines, the first and the last of a run that is changed or near a changed one. */
interface Window {
  readonly first: number;
  readonly last: number;
}

function windows(numbers: readonly number[]): readonly Window[] {
  const runs: { first: number; last: number }[] = [];
  let run = { first: 0, last: Number.NEGATIVE_INFINITY };
  for (const number of numbers) {
    if (number - AROUND > run.last + 1) {
      run = { first: Math.max(1, number - AROUND), last: 0 };
      runs.push(run);
    }
    run.last = number + AROUND;
  }
  return runs;
}

/** The texts of windows, as far as there are such lines. */
function textsOf(whole: string, windows: readonly Window[]): readonly { readonly text: string; readonly first: number }[] {
  let line = 1;
  let start = 0;
  const startOf = (number: number): number => {
    for (; line < number && start <= whole.length; line++) start = whole.indexOf("\n", start) + 1 || whole.length + 1;
    return start;
  };
  return windows
    .map(({ first, last }) => ({ first, begin: startOf(first), end: startOf(last + 1) - 1 }))
    .filter(({ begin }) => begin <= whole.length)
    .map(({ first, begin, end }) => ({ first, text: whole.slice(begin, end) }));
}

function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) starts.push(end + 1);
  return starts;
}

/** The index of the line that an offset falls into. */
function indexAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, LONGEST_TEXT);
