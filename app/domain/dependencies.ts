/** "Depends on #12": what an issue's text wants done first. */
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

const REF = String.raw`(?:https?:\/\/[^\s/]+\/[\w.-]+\/[\w.-]+\/issues\/\d+|(?:[\w.-]+\/[\w.-]+)?#\d+)`;
const CLAUSE = new RegExp(String.raw`\b(?:depends on|blocked by):?\s+(${REF}(?:\s*(?:,|and|&|,\s*and)\s*${REF})*)`, "gi");
const ONE = new RegExp(REF, "gi");
const MOST = 50;

/** What is quoted or shown as code asks for nothing. */
const silent: ReadonlySet<string> = new Set(["blockquote", "code", "inlineCode", "html"]);

/** The issues named after "Depends on" or "Blocked by", as `owner/repo#number`, each once and never the issue itself. */
export function dependenciesIn(
  body: string,
  { owner, repo, number }: { readonly owner: string; readonly repo: string; readonly number: number },
): string[] {
  const self = `${owner}/${repo}#${number}`.toLowerCase();
  const refs = [...wordsOf(fromMarkdown(body)).matchAll(CLAUSE)]
    .flatMap(([, list = ""]) => list.match(ONE) ?? [])
    .map((ref) => fullRef(ref, owner, repo))
    .filter((ref) => ref.toLowerCase() !== self);
  return [...new Map(refs.map((ref) => [ref.toLowerCase(), ref])).values()].slice(0, MOST);
}

function fullRef(ref: string, owner: string, repo: string): string {
  const byUrl = /\/([\w.-]+)\/([\w.-]+)\/issues\/(\d+)$/.exec(ref);
  if (byUrl) return `${byUrl[1]}/${byUrl[2]}#${byUrl[3]}`;
  return ref.startsWith("#") ? `${owner}/${repo}${ref}` : ref;
}

function wordsOf(node: Nodes): string {
  if (silent.has(node.type)) return "\n";
  if (node.type === "text") return node.value;
  if (node.type === "break") return "\n";
  if (!("children" in node)) return "";
  const inline =
    node.type === "paragraph" || node.type === "heading" || node.type === "emphasis" || node.type === "strong" || node.type === "link";
  return node.children.map(wordsOf).join(inline ? "" : "\n");
}
