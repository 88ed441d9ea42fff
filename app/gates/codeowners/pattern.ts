/** A pattern of CODEOWNERS. It reads as one of .gitignore does, but for `docs/*`: https://git-scm.com/docs/gitignore#_pattern_format */

const ANY = Symbol("any number of them");
const ONE = Symbol("any one character");

/** A name with wildcards, and what it begins and ends with before the first and after the last of them. */
interface Glob {
  readonly parts: readonly (string | typeof ANY | typeof ONE)[];
  readonly head: string;
  readonly tail: string;
}
type Name = string | Glob;

const ANY_NAME: Glob = { parts: [ANY], head: "", tail: "" };

/** `ANY` stands for any number of names. */
export type Segments = readonly (Name | typeof ANY)[];

/** Takes a valid pattern: `line.ts` holds back the others. */
export function segmentsOf(pattern: string): Segments {
  const names = pattern.replace(/^\//, "").replace(/\/$/, "").split("/");
  const anchored = pattern.startsWith("/") || names.length > 1;
  const path = names.map((name) => (name === "**" ? ANY : nameOf(name)));
  // At the end, `**` is what a folder has in it, not the folder.
  if (path.at(-1) === ANY) path.push(ANY_NAME);
  if (pattern.endsWith("/")) path.push(ANY_NAME, ANY);
  // GitHub's exception: `docs/*` covers no file that is nested further.
  else if (!anchored || names.at(-1) !== "*") path.push(ANY);
  return anchored ? path : [ANY, ...path];
}

function nameOf(text: string): Name {
  if (!/[*?\\]/.test(text)) return text;
  const parts = (text.match(/\\.|./gsu) ?? []).map((part) => {
    if (part === "*") return ANY;
    return part === "?" ? ONE : part.replace(/^\\/, "");
  });
  const isWild = (part: (typeof parts)[number]) => typeof part !== "string";
  const first = parts.findIndex(isWild);
  if (first < 0) return parts.join("");
  return { parts, head: parts.slice(0, first).join(""), tail: parts.slice(parts.findLastIndex(isWild) + 1).join("") };
}

export const covers = (segments: Segments, path: readonly string[]): boolean => matches(segments, path, isName);

const isName = (wanted: Name, name: string): boolean =>
  typeof wanted === "string"
    ? wanted === name
    : name.startsWith(wanted.head) && name.endsWith(wanted.tail) && matches(wanted.parts, [...name], isCharacter);

const isCharacter = (wanted: string | typeof ONE, character: string): boolean => wanted === ONE || wanted === character;

/**
 * Whether a whole sequence fits. Only the last `ANY` is ever tried anew, so that the worst case is the product of both lengths; a regular
 * expression of the same pattern can take exponentially long.
 */
function matches<W>(wanted: readonly (W | typeof ANY)[], given: readonly string[], fits: (wanted: W, given: string) => boolean): boolean {
  let at = 0;
  let wildcard = -1;
  let skipped = 0;
  for (let next = 0; next < given.length; ) {
    const want = wanted[at];
    if (want === ANY) {
      wildcard = at;
      skipped = next;
      at += 1;
    } else if (want !== undefined && fits(want as W, given[next] as string)) {
      at += 1;
      next += 1;
    } else if (wildcard >= 0) {
      skipped += 1;
      at = wildcard + 1;
      next = skipped;
    } else return false;
  }
  while (wanted[at] === ANY) at += 1;
  return at === wanted.length;
}

const SHORTEST_HEAD = 3;
const LONGEST_HEAD = 8;

/** Keys that every path has that the pattern covers: the folders it begins with, names, what names begin and end with; and "", which all have. */
export function keysIn(segments: Segments): readonly string[] {
  const keys = [""];
  const wild = segments.findIndex((segment) => typeof segment !== "string");
  if (wild > 0) keys.push(folder(segments.slice(0, wild)));
  for (const segment of segments) {
    if (segment === ANY) continue;
    if (typeof segment === "string") keys.push(segment);
    else {
      if (segment.head.length >= SHORTEST_HEAD) keys.push(beginning(segment.head, LONGEST_HEAD));
      if (segment.tail.includes(".")) keys.push(ending(segment.tail));
    }
  }
  return keys;
}

/** Every key of a path. */
export function keysOf(path: readonly string[]): readonly string[] {
  const keys = ["", ...path.map((_, index) => folder(path.slice(0, index + 1))), ...path];
  for (const name of path) {
    for (let length = SHORTEST_HEAD; length <= Math.min(LONGEST_HEAD, name.length); length += 1) keys.push(beginning(name, length));
    if (name.includes(".")) keys.push(ending(name));
  }
  return keys;
}

const folder = (names: Segments): string => `/${names.join("/")}`;
const beginning = (name: string, length: number): string => `${name.slice(0, length)}*`;
const ending = (name: string): string => `*${name.slice(name.lastIndexOf("."))}`;
