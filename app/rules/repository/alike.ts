/** Whether two titles ask for the same thing, told by their words alone: the same answer each time, and a table of near misses holds it. */
import { createHash } from "node:crypto";

/** Words that do not tell one piece of work from another. */
const IDLE = new Set(
  "a an and are as at be by can do does for from has have if in into is it its of on or our so than that the their them then there this to up was we when where which while will with you your add allow build create ensure fix handle implement improve introduce let make please provide support update use".split(
    " ",
  ),
);

/** Of so many words of both together, at least this share is in both. */
const SHARED = 0.7;
/** A title of so many words that the other contains whole says the same, unless the other says much more. */
const WHOLE = 3;

const stemOf = (word: string): string =>
  word
    .replace(/(?<=..)ie[sd]$/, "y")
    .replace(/(?<=..[^s])s$/, "")
    .replace(/(?<=.{3})(ing|ed)$/, "")
    .replace(/([bdgmnprt])\1$/, "$1")
    .replace(/(?<=.{3})e$/, "");

/** The words of a title that tell something, in its order. */
function wordsOf(title: string): readonly string[] {
  const all = title
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/['’]s\b/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const telling = all.filter((word) => !IDLE.has(word));
  return (telling.length > 1 ? telling : all).map(stemOf);
}

/** What a title says, as 16 hex digits. */
export const fingerprintOf = (title: string): string => createHash("sha256").update(wordsOf(title).join(" ")).digest("hex").slice(0, 16);

export function isAlike(one: string, other: string): boolean {
  const [few, many] = [new Set(wordsOf(one)), new Set(wordsOf(other))].toSorted((a, b) => a.size - b.size) as [Set<string>, Set<string>];
  if (few.size === 0) return many.size === 0;
  const both = few.intersection(many).size;
  const whole = few.size >= WHOLE && both === few.size && many.size <= 2 * few.size;
  return whole || both / few.union(many).size >= SHARED;
}
