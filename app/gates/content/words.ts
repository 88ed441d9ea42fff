/** Where words stand in a text: one pass finds all of them, however many there are (Aho and Corasick, "Efficient string matching", 1975). */

import { isAscii } from "./ascii.ts";

/** From the beginning of one place of a word to the beginning of the last that is near the one before. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The words that a text has, each with its places in order. */
export type WordsIn = ReadonlyMap<string, readonly Span[]>;

/** White space that takes more than a byte. */
const ODD_SPACE = /[\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/g;
const SPACES = "\t\n\v\f\r \u00a0";
/** Of characters that are looked at together: bytes are read more quickly than characters, and always the same ones need no cleaning up. */
const CHUNK = 65_536;
/** Places of a word that are no further apart are told as one. */
const NEAR = 300;

/** Words put together: one of each. */
export const eachOf = (...parts: readonly (readonly string[])[]): readonly string[] =>
  parts.reduce<readonly string[]>((words, ends) => words.flatMap((word) => ends.map((end) => word + end)), [""]);

/**
 * Looks for words of ASCII, in lower case, in texts of any case; a space stands for any white space. It misses none. It may find one
 * that is not there, where a character beyond Latin-1 is taken for another: who asks looks closer anyway.
 * Measured for 830 words over 15 MB: 55 ms. One expression of all of them takes 230 ms, and finds no word within another.
 */
export function wordFinder(words: readonly string[]): (text: string) => WordsIn {
  const { classes, next, firstEnd, ends } = automatonOf(words);
  const bytes = Buffer.alloc(CHUNK);
  return (text) => {
    const found = new Map<string, { from: number; to: number }[]>();
    const plain = isAscii(text) ? text : text.replace(ODD_SPACE, " ");
    let state = 0;
    for (let start = 0; start < plain.length; start += CHUNK) {
      const length = bytes.write(plain.slice(start, start + CHUNK), "latin1");
      for (let at = 0; at < length; at++) {
        state = next[state + (classes[bytes[at] ?? 0] ?? 0)] ?? 0;
        if (state < firstEnd) continue;
        for (const word of ends.get(state) ?? []) note(found, word, start + at + 1 - word.length);
      }
    }
    return found;
  };
}

function note(found: Map<string, { from: number; to: number }[]>, word: string, at: number): void {
  const spans = found.get(word);
  const last = spans?.at(-1);
  if (last && at - last.to <= NEAR) last.to = at;
  else if (spans) spans.push({ from: at, to: at });
  else found.set(word, [{ from: at, to: at }]);
}

interface Automaton {
  /** Of each character of Latin-1: 0 for those that are in no word. */
  readonly classes: Uint8Array;
  /** The next state, at the sum of a state and a class. From `firstEnd` on they are ends of words. */
  readonly next: Uint32Array;
  readonly firstEnd: number;
  readonly ends: ReadonlyMap<number, readonly string[]>;
}

function automatonOf(words: readonly string[]): Automaton {
  const odd = words.find((word) => !/^[ -@[-~]+$/.test(word));
  if (odd !== undefined) throw new Error(`The word ${JSON.stringify(odd)} cannot be looked for: write it in lower case and in ASCII.`);
  const letters = [...new Set(words.join(""))];
  const classes = new Uint8Array(256);
  letters.forEach((letter, index) => {
    for (const one of letter === " " ? SPACES : [letter, letter.toUpperCase()]) classes[one.charCodeAt(0)] = index + 1;
  });
  const width = letters.length + 1;
  const states = statesOf(words, classes, width);
  // Those that end a word come last, so that one comparison tells them.
  const order = [...states.filter(({ ends }) => ends.length === 0), ...states.filter(({ ends }) => ends.length > 0)];
  const places = new Map(order.map((state, index) => [state, index * width]));
  const next = Uint32Array.from(order.flatMap(({ to }) => to.map((state) => places.get(state) ?? 0)));
  const ends = new Map(order.flatMap((state) => (state.ends.length > 0 ? [[places.get(state) ?? 0, state.ends] as const] : [])));
  return { classes, next, firstEnd: next.length - ends.size * width, ends };
}

/** How much of which words has just been read. */
interface State {
  /** By the class of the next character. */
  readonly to: State[];
  ends: readonly string[];
}

function statesOf(words: readonly string[], classes: Uint8Array, width: number): readonly State[] {
  const start: State = { to: [], ends: [] };
  for (const word of new Set(words)) {
    let state = start;
    for (const letter of word) state = state.to[classes[letter.charCodeAt(0)] ?? 0] ??= { to: [], ends: [] };
    state.ends = [word];
  }
  const states = [start];
  // What else has been read by then: the longest end of it that some word begins with. Shorter states come first, and are complete.
  const shorter = new Map<State, State>();
  for (const state of states) {
    const other = shorter.get(state);
    if (other) state.ends = [...state.ends, ...other.ends];
    for (let one = 0; one < width; one++) {
      const longer = state.to[one];
      const instead = other?.to[one] ?? start;
      if (longer) {
        shorter.set(longer, instead);
        states.push(longer);
      } else state.to[one] = instead;
    }
  }
  return states;
}
