/** R21: what people and models wrote, shown where it can neither format, mention, link nor close anything. */

/** Control, bidirectional and zero-width characters: they hide or reorder what a person reads. */
const INVISIBLE = /[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const visible = (text: string): string => text.toWellFormed().replace(INVISIBLE, (char) => (char === "\n" || char === "\t" ? char : ""));

/** One line of text inside a sentence or a table cell of GitHub's Markdown. */
export const inMarkdown = (text: string): string =>
  visible(text)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>#!|~@&$]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/\b(GH-\d+|https?:\/\/|www\.)/gi, (match) => `${match.slice(0, 1)}&#8203;${match.slice(1)}`);

/** A block of text in a fence longer than any run of backticks in it. */
export function fenced(text: string): string {
  const clean = visible(text);
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}

/** Discord's Markdown, its mentions and its bare links. */
export const inDiscord = (text: string): string =>
  visible(text)
    .replace(/[\\`*_~|>[\]()#-]/g, "\\$&")
    .replace(/@/g, "@\u200b")
    .replace(/<([@#:&])/g, "<\u200b$1")
    .replace(/https?:\/\//gi, (scheme) => scheme.replace("://", ":\u200b//"));

export const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`);
