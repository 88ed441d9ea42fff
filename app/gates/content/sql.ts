/** SQL within any other text: what tells a statement from a sentence of English. */
import type { Found } from "./idea.ts";

/** Between two keywords: white space, also as a literal writes it. */
export const GAP = String.raw`(?:\s|\\[nrt\r\n])+`;
/** How a gap begins, for the words that are looked for first. */
export const ENDS: readonly string[] = [" ", "\\"];
/** The beginning of a name, or of what puts a name there. */
export const NAME = String.raw`(?<name>\\?["'\x60[]{0,2}[\p{L}_#@][\p{L}\w.$#@]{0,80}|\$\{|\$\(|\$?\{\{?|%[sIdqQ(]|\?|:\w{1,40}|\$\w{1,40}|<%|#\{|["'\x60]{1,3}\s{0,9}(?:[+.&),;]|\|\||<<|$)|["'\x60]{1,3}\s{0,9}\\?\n)`;

const WORDS_NOT_NAMES = new Set(
  (
    "a all an and any are as at be by can cache device each every for from has here if in into is it its items library list me my new no not of on one or " +
    "other our page pages playlist row rows so some that the their them then these this those to two view views we when where which while with you your " +
    "layout component column columns header headers cell cells model models selection handler button menu request requests entries template modal dialog form field fields"
  ).split(" "),
);
/** What shows text to people. */
const SHOWN =
  /(?:title|label|text|caption|message|msg|tooltip|placeholder|description|summary|heading|hint|alt|name|confirm|test|it|describe|log|info|warn|debug|error|print|println|puts|\bt|__?|gettext|i18n|translate)["']?\s{0,3}(?:[:=]\s{0,3}\{?|\(|\s)\s{0,3}f?["'`]$|[\w"'`/}] ?>\s{0,40}$/i;

/** Whether keywords with a name behind them are a statement. Upper and mixed case is not how a sentence is written. */
export function isStatement(found: Found, follows: RegExp): boolean {
  const name = found.match.groups?.name ?? "";
  const keywords = found.match[0].slice(0, found.match[0].length - name.length);
  const after = found.after.replace(/^["'`\]\\]{1,3}/, "");
  if (!isSentence(keywords)) return !found.source.words || /[;'"`$(]|where/i.test(found.after.slice(0, 80));
  const bare = name.replace(/^[^\p{L}_#@]{1,4}/u, "").toLowerCase();
  const ended = /^\s*;/.test(after);
  if (bare.endsWith(".") || (WORDS_NOT_NAMES.has(bare) && !ended)) return false;
  if (!bare) return !SHOWN.test(found.before);
  if (ended || /\bwhere\b.{0,60}[=<>]|^\s*\(/is.test(after.slice(0, 90))) return true;
  return !found.source.words && !(found.source.family === "page") && !SHOWN.test(found.before) && follows.test(found.after);
}

/** All of it in lower case, or with capitals at the beginnings of words. */
const isSentence = (keywords: string): boolean => !/[A-Z]{2}|[a-z][A-Z]/.test(keywords.replace(/\\[nrt]/g, " "));

const LONGEST_STATEMENT = 3000;

/** Where a statement ends: at its semicolon, at the end of the literal it stands in, or at an empty line. */
export function statementEnd({ text, to, before, match }: Found): number {
  const rest = text.slice(to, to + LONGEST_STATEMENT);
  const quote = /("""|'''|["'`])\s*$/.exec(before)?.[1];
  const ends = [";", "\n\n", ...(quote ? [quote] : []), ...(match[0].includes("`") ? [] : ["`"])]
    .map((end) => rest.indexOf(end))
    .filter((at) => at >= 0);
  return to + (ends.length > 0 ? Math.min(...ends) : Math.min(rest.length, 400));
}

/** Where what an opening bracket begins is closed again. */
export function bracketEnd({ text, from, to }: Found): number {
  const rest = text.slice(from, to + LONGEST_STATEMENT);
  const open = rest.search(/[({[]/);
  if (open < 0) return to;
  let depth = 0;
  for (let at = open; at < rest.length; at++) {
    const one = rest.charAt(at);
    if (one === "(" || one === "{" || one === "[") depth++;
    else if ((one === ")" || one === "}" || one === "]") && --depth === 0) return from + at + 1;
  }
  return from + rest.length;
}
