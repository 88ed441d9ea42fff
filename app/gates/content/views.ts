/** A text as a machine would end up reading it: tricks of writing taken out, and each place still known by its place in the original. */
import { isAscii } from "./ascii.ts";

export interface View {
  readonly text: string;
  /** The offset in the original of an offset in `text`. */
  readonly at: (offset: number) => number;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Characters that NFKC turns into ASCII letters or that have no width. Others cannot be in a keyword. */
const DISGUISED =
  /[\u00AA\u00AD\u00BA\u017F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2070-\u209C\u2100-\u214F\u2460-\u24FF\uFB00-\uFB06\uFEFF\uFF01-\uFF5E]|\u034F|[\uFE00-\uFE0F]|\uD835[\uDC00-\uDFFF]/g;
const NO_WIDTH = /^(?:[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF]|\u034F|[\uFE00-\uFE0F])$/;
/** The end of one literal and the beginning of the next, with nothing but an operator or white space between. */
const BETWEEN_LITERALS = /["'`](?<=[^"'`(,=[{+:\n]["'`])(?:\s*(?:[+.&]|\|\||\\)\s*|\s+)[rfbuRFBU]?["'`](?=[\w /*\\-])/;
const EMPTY_LITERAL = /(?:""|'')(?<=\w(?:""|''))(?=\w)/;
const ESCAPED = /\\(?:x[2-7][\dA-Fa-f]|u00[2-7][\dA-Fa-f]|u\{[2-7][\dA-Fa-f]\})/;
const METHOD_BY_NAME = /\[(?<=[\w)\].?]\[)\s{0,9}["'`]\w{1,60}["'`]\s{0,9}\](?=\s{0,9}(?:\?\.)?\()/;
/** Each begins with a character of its own and looks back from there: a pattern that begins with looking back does so at every character. */
const APART = new RegExp([BETWEEN_LITERALS, EMPTY_LITERAL, ESCAPED, METHOD_BY_NAME].map(({ source }) => source).join("|"), "g");
const JOINED = ".join(";
const JOINED_AFTER = /\]\s{0,9}\.join\(/g;
const JOINED_BEFORE = /["'] ?["']\.join\(\s{0,9}[[(]/g;
const BETWEEN_ITEMS = /["'`]\s*,\s*["'`]/g;
/** How far to look for the end of a list; it bounds the work on a hostile text. */
const LONGEST_LIST = 400;
const KEYWORD =
  "add|alter|column|comment|create|database|delete|drop|exists|from|if|index|into|materialized|matched|merge|on|or|rename|replace|schema|table|then|truncate|type|unique|view";
const COMMENT_AFTER_KEYWORD = new RegExp(String.raw`(?:\/\*|--|#)(?<=\b(?:${KEYWORD})\s{0,99}(?:\/\*|--|#))|\/\*!\d{0,9}`, "gi");

/** The text as it is, its literals put together, and its keywords without comments between them; only those that differ. */
export function viewsOf(text: string): readonly View[] {
  const asItIs: View = { text, at: (offset) => offset };
  const plain = isAscii(text) ? asItIs : edited(asItIs, disguises(text));
  const whole = edited(plain, apart(plain.text));
  const bare = edited(whole, comments(whole.text));
  const near = edited(bare, gaps(bare.text));
  return [...new Set([plain, whole, bare, near])];
}

/** More white space than anybody writes between two words of a statement: a pattern would not reach over it. */
const GAP = /(?:\s|\\[nrt]){100,}/g;

/** The start of a run, and a hundred more: cheap where there is none, which is nearly everywhere. */
const HAS_GAP = /[\s\\](?<![\s\\][\s\\])[\s\\nrt]{100}/;

const gaps = (text: string): readonly Edit[] =>
  !HAS_GAP.test(text)
    ? []
    : Array.from(text.matchAll(GAP), ({ 0: found, index }) => ({ from: index, to: index + found.length, text: " " }));

const disguises = (text: string): readonly Edit[] =>
  Array.from(text.matchAll(DISGUISED), ({ 0: found, index }) => ({
    from: index,
    to: index + found.length,
    text: NO_WIDTH.test(found) ? "" : found.normalize("NFKC"),
  }));

const apart = (text: string): readonly Edit[] =>
  [
    ...Array.from(text.matchAll(APART), ({ 0: found, index }) => ({ from: index, to: index + found.length, text: wholeOf(found) })),
    ...(text.includes(JOINED) ? joins(text) : []),
  ].toSorted((a, b) => a.from - b.from);

const joins = (text: string): readonly Edit[] => [
  ...Array.from(text.matchAll(JOINED_AFTER), ({ index }) => {
    const near = text.slice(Math.max(0, index - LONGEST_LIST), index);
    return items(text, index - near.length + Math.max(0, near.lastIndexOf("[")), index);
  }).flat(),
  ...Array.from(text.matchAll(JOINED_BEFORE), ({ 0: found, index }) => {
    const start = index + found.length;
    return items(text, start, start + LONGEST_LIST);
  }).flat(),
];

function wholeOf(found: string): string {
  if (found.startsWith("[")) return `.${found.replace(/\W/g, "")}`;
  if (found.startsWith("\\")) return String.fromCharCode(Number.parseInt(found.replace(/[^\dA-Fa-f]/g, ""), 16));
  return "";
}

const items = (text: string, from: number, to: number): readonly Edit[] =>
  Array.from(text.slice(from, to).matchAll(BETWEEN_ITEMS), ({ 0: found, index }) => ({
    from: from + index,
    to: from + index + found.length,
    text: " ",
  }));

/** Comments that stand behind a keyword, and the frame of those that MySQL runs. */
function comments(text: string): readonly Edit[] {
  const edits: Edit[] = [];
  const endOfComments = endsOfComments(text);
  let end = 0;
  for (const { 0: found, index } of text.matchAll(COMMENT_AFTER_KEYWORD)) {
    if (index < end) continue;
    end = found.startsWith("/*!") ? index + found.length : endOfComments(index);
    if (end > index) edits.push({ from: index, to: end, text: " " });
  }
  return edits;
}

/** Where comments that follow each other end. Each search goes on from the last, so that all of them go over the text once. */
function endsOfComments(text: string): (from: number) => number {
  const next = { "*/": -1, "\n": -1 };
  const after = (end: "*/" | "\n", from: number): number => {
    if (next[end] < from) {
      const found = text.indexOf(end, from);
      next[end] = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return next[end] + end.length;
  };
  return (from) => {
    for (let at = from; ; ) {
      const start = at;
      while (at < text.length && /\s/.test(text.charAt(at))) at++;
      const end = text.startsWith("/*", at) ? after("*/", at + 2) : /^(?:--|#)/.test(text.slice(at, at + 2)) ? after("\n", at) : start;
      if (end === start || end > text.length) return at;
      at = end;
    }
  };
}

function edited(view: View, edits: readonly Edit[]): View {
  if (edits.length === 0) return view;
  const pieces: string[] = [];
  const ours: number[] = [0];
  const theirs: number[] = [0];
  let last = 0;
  let length = 0;
  for (const { from, to, text } of edits) {
    if (from < last) continue;
    pieces.push(view.text.slice(last, from), text);
    length += from - last + text.length;
    last = to;
    ours.push(length);
    theirs.push(to);
  }
  pieces.push(view.text.slice(last));
  const at = (offset: number): number => {
    let low = 0;
    let high = ours.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((ours[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return view.at((theirs[low] ?? 0) + offset - (ours[low] ?? 0));
  };
  return { text: pieces.join(""), at };
}
