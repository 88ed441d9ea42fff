/** R2: finds the one command a comment may begin with. What is quoted, shown as code, listed or a heading asks for nothing. */
import { fromMarkdown } from "mdast-util-from-markdown";

export interface Spoken {
  /** Empty where the line says `/rig` and no more. */
  readonly verb: string;
  /** The rest of the command's line. */
  readonly args: string;
  /** The rest of the comment, for verbs that take free text. */
  readonly text: string;
}

/** Lower case, from the first column, and the verb in visible ASCII: a look-alike, an entity or a hidden character makes no command. */
const COMMAND = /^\/rig(?:[ \t]+([!-~]+)(?:[ \t]+(.*))?)?[ \t]*$/s;

/** They hide or reorder what a person reads. */
const INVISIBLE = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** CommonMark's: a line of other white space is text. */
const BLANK = /^[ \t]*$/;

/** What a line does to the paragraph before it shows in its first characters. Reading 65,000 characters of nested quotes took 6 s. */
const MOST_OF_A_LINE = 20;
const onlyBlocks = {
  disable: { null: ["attention", "autolink", "codeText", "htmlText", "labelEnd", "labelStartImage", "labelStartLink"] },
};

export function parse(comment: string): Spoken | undefined {
  const lines = comment.split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => !BLANK.test(line));
  const command = COMMAND.exec(lines[first] ?? "");
  if (!command || !isParagraph(lines.slice(first))) return undefined;
  const [, verb = "", args = ""] = command;
  return { verb, args: visible(args), text: visible([args, ...lines.slice(first + 1)].join("\n")) };
}

/** Underlined, the line would be a heading. */
function isParagraph(lines: readonly string[]): boolean {
  const end = lines.findIndex((line) => BLANK.test(line));
  const block = lines.slice(0, end === -1 ? undefined : end).map(begin);
  return fromMarkdown(block.join("\n"), { extensions: [onlyBlocks] }).children[0]?.type === "paragraph";
}

/** Deeper than four columns is as deep as four, and never becomes a blank line. */
const begin = (line: string): string => line.replace(/^(?: {0,3}\t| {4})[ \t]*/, "    ").slice(0, MOST_OF_A_LINE);

const visible = (text: string): string =>
  text
    .toWellFormed()
    .replace(INVISIBLE, (char) => (char === "\n" || char === "\t" ? char : ""))
    .trim();
