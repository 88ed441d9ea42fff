/** Where in a text something like a piece stands that is not in it: a hint for whoever misread or remembered it wrong. */
export function nearest(text: string, piece: string): string {
  const wanted = piece.split("\n");
  const first = wanted.findIndex((line) => line.trim() !== "");
  const sought = wanted[first]?.trim() ?? "";
  const lines = text.split("\n");
  const alike = lines.slice(0, MOST_LINES).map((line) => likeness(line.trim().slice(0, LONGEST), sought.slice(0, LONGEST)));
  const best = Math.max(...alike);
  if (best < ALIKE) return "Nothing in it is like it; read the file again.";
  const at = alike.indexOf(best) - first;
  const shown = lines.slice(Math.max(0, at), Math.max(0, at) + Math.min(wanted.length, SHOWN));
  return `The nearest is at line ${Math.max(0, at) + 1}, which reads:\n${shown.join("\n")}`;
}

const MOST_LINES = 20_000;
const LONGEST = 300;
const SHOWN = 12;
/** Half of all pairs of letters in common. */
const ALIKE = 0.5;

/** Dice's coefficient over pairs of letters, from 0 to 1. */
function likeness(one: string, other: string): number {
  if (one === other) return 1;
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < one.length; at++) pairs.set(one.slice(at, at + 2), (pairs.get(one.slice(at, at + 2)) ?? 0) + 1);
  let common = 0;
  for (let at = 0; at + 1 < other.length; at++) {
    const left = pairs.get(other.slice(at, at + 2)) ?? 0;
    if (left === 0) continue;
    common++;
    pairs.set(other.slice(at, at + 2), left - 1);
  }
  return (2 * common) / Math.max(1, one.length + other.length - 2);
}
