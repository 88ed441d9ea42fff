/** One line of CODEOWNERS: a pattern, its owners, a comment. */
import { covers, segmentsOf } from "./pattern.ts";

export type Said =
  | { readonly because?: undefined; readonly pattern: string; readonly owners: readonly string[] }
  | { readonly because: string; readonly touches: (path: string) => boolean };

/** Not `\s`, which also takes a no-break space, and that may stand in the name of a file. */
const SPACES = /[ \t\r\f\v]+/;
const LEADING_SPACES = /^[ \t\r\f\v]+/;
const ESCAPED_OR_SPACE = /\\.?|[ \t\r\f\v]/gs;
const OWNER = /^(@[a-z\d][\w-]*(\/[\w.-]+)?|[^\s@]+@[^\s@.]+\.[^\s@]+)$/i;

/** No line without one of these has a fault in its pattern; most lines have none. */
const SUSPICIOUS = /[\0\ufffd![\]\\]|\*{3}|\/\/|^\/$|(?:^|\/)\.{1,2}(?:\/|$)/;
/** What GitHub does not take, or nobody can know how it takes it. */
const faults: readonly (readonly [RegExp, string])[] = [
  [/[\0\ufffd]/, "it is not text in UTF-8"],
  [/^!/, "GitHub takes no `!` here; a pattern without owners takes ownership away"],
  [/^\\#/, "GitHub reads a `#` at the beginning as a comment, also after a backslash; write `?` in its place"],
  [/^(?:[^\\]|\\.)*?[[\]]/s, "GitHub takes no `[ ]` here; write a bracket of a name as `\\[`"],
  [/\*{3}/, "three asterisks in a row mean nothing"],
  [/^(?:[^\\]|\\[^/])*\\(?:\/|$)/, "a backslash stands before nothing that it could escape"],
  [/^\/$|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/, "no path has such a part: `/` alone, `//`, `./` or `../`"],
];

const NOBODY: readonly string[] = [];

/** Nothing where the line is empty or a comment. */
export function readLine(source: string): Said | undefined {
  const text = source.replace(LEADING_SPACES, "");
  if (text === "" || text.startsWith("#")) return undefined;
  const pattern = text.slice(0, endOfPattern(text));
  const owners = pattern.length === text.length ? NOBODY : ownersIn(text.slice(pattern.length));
  const because = faultOf(pattern, owners);
  if (because === undefined) return { pattern, owners };
  let touches: ((path: string) => boolean) | undefined;
  return {
    because,
    touches: (path) => {
      touches ??= touchedBy(pattern);
      return touches(path);
    },
  };
}

/** At the first space that has no backslash before it. */
function endOfPattern(text: string): number {
  for (const { 0: found, index } of text.matchAll(ESCAPED_OR_SPACE)) if (!found.startsWith("\\")) return index;
  return text.length;
}

/** The words before a comment. */
function ownersIn(text: string): readonly string[] {
  const words = text.split(SPACES).filter((word) => word !== "");
  const comment = words.findIndex((word) => word.startsWith("#"));
  return comment < 0 ? words : words.slice(0, comment);
}

function faultOf(pattern: string, owners: readonly string[]): string | undefined {
  const fault = SUSPICIOUS.test(pattern) ? faults.find(([sign]) => sign.test(pattern)) : undefined;
  if (fault) return fault[1];
  const nobody = owners.find((owner) => !OWNER.test(owner));
  return nobody === undefined ? undefined : `\`${nobody.slice(0, 80)}\` is neither @user, @org/team nor an email address`;
}

/** Rather too much than too little: brackets may stand for anything, and a pattern that makes no sense at all is about everything. */
function touchedBy(pattern: string): (path: string) => boolean {
  if (/[\0\ufffd]|\[[^\][]*\/|\\(\/|$)|(^|\/)\.\.(\/|$)/.test(pattern)) return () => true;
  const wide = pattern
    .replace(/^!/, "")
    .replace(/\\.|\[[^\]]*\]?|\]/gs, (part) => (part.startsWith("\\") ? part : "*"))
    .replace(/\*{3,}/g, "**")
    .replace(/(^|\/)(?:\.?\/)+/g, "$1")
    .replace(/\/\.?$/, "");
  if (wide === "" || wide === ".") return () => true;
  const anchored = /\/./s.test(pattern.replace(/^!/, "")) ? `/${wide}` : wide;
  const [itself, below] = [segmentsOf(anchored), segmentsOf(`${anchored}/`)];
  return (path) => covers(itself, path.split("/")) || covers(below, path.split("/"));
}
