/** How gates read a path: in one form whatever its case, its Unicode form or the way its words are joined. */
import { isAscii } from "./content/ascii.ts";
import type { Change } from "./gate.ts";

export const SYMLINK = "120000";
export const SUBMODULE = "160000";

/** Letters of other scripts that look like Latin ones. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [..."аaеeоoрpсcуyхxіiјjѕsԁdһhӏlԛqԝwкkмmтtвbнhαaοoνvρpτtιiκkυuıi"].reduce<[string, string][]>((pairs, letter, index, all) => {
    if (index % 2 === 0) pairs.push([letter, all[index + 1] ?? ""]);
    return pairs;
  }, []),
);
const PLAIN = /^[\x20-\x7e]*$/;

/** One form for comparing names: NFC and lower case (R11). */
export const folded = (path: string): string => (isAscii(path) ? path.toLowerCase() : path.normalize("NFC").toLowerCase().normalize("NFC"));

/** The Latin letters that a reader sees: no marks, no invisible characters, no full-width or look-alike letters. Case is kept. */
export function seen(path: string): string {
  if (PLAIN.test(path)) return path;
  const bare = path.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "");
  return Array.from(bare, (letter) => LOOKALIKES.get(letter) ?? lookalikeCapital(letter) ?? letter).join("");
}

const lookalikeCapital = (letter: string): string | undefined => LOOKALIKES.get(letter.toLowerCase())?.toUpperCase();

/**
 * A path as its words: `src/HTTPServer_v2.ts` → `src/http-server-v2.ts`. CamelCase, snake_case, kebab-case and spaces all become
 * hyphens, so that one pattern with word boundaries reads them all.
 */
export const words = (path: string): string =>
  seen(path)
    .replace(/(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-")
    .replace(/[\s_+,()[\]-]+/g, "-")
    .toLowerCase();

/** A word, or several, that put a path under a gate. */
export interface Term {
  /** How the evidence calls it. */
  readonly says: string;
  readonly is: RegExp;
  /** What else is in the path where the word means something different. */
  readonly unless?: RegExp;
}

/** Whole words out of `alternatives`, with a number after them or not. */
export const word = (alternatives: string): RegExp => new RegExp(`(?<![a-z0-9])(?:${alternatives})\\d*(?![a-z0-9])`);

/** The first term that a path has in its words. */
export function termIn(path: string, terms: readonly Term[]): Term | undefined {
  const text = words(path);
  return terms.find(({ is, unless }) => is.test(text) && !unless?.test(text));
}

/** The path of a change, the one it had, and where it points if it is a symlink. */
export const pathsOf = ({ path, previousPath, mode, previousMode, head, base }: Change): readonly string[] =>
  [path, previousPath, mode === SYMLINK ? head : undefined, previousMode === SYMLINK ? base : undefined].filter(
    (name) => name !== undefined && name !== "",
  ) as readonly string[];

/** For evidence about a whole file: whether the file is gone. */
export const gone = ({ mode }: Change): { readonly removed?: true } => (mode === undefined ? { removed: true } : {});
