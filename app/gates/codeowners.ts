/** CODEOWNERS as GitHub reads it: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
import { readLine } from "./codeowners/line.ts";
import { lastMatch } from "./codeowners/lookup.ts";

/** `owners` may be empty: the line takes ownership away. */
export interface OwnersRule {
  /** Of the file, from 1. */
  readonly line: number;
  readonly pattern: string;
  readonly owners: readonly string[];
}

/** A line that GitHub passes over, and why. */
export interface InvalidLine {
  readonly line: number;
  readonly text: string;
  readonly because: string;
  /** Whether the line would have been about a path, as far as one can tell. Where one cannot, it is about every path. */
  readonly touches: (path: string) => boolean;
}

export interface Owners {
  readonly rules: readonly OwnersRule[];
  readonly invalid: readonly InvalidLine[];
  /** The last line that matches decides; undefined where none does. Names compare exactly, also in case and in Unicode's normal form. */
  readonly ruleFor: (path: string) => OwnersRule | undefined;
}

/** GitHub does not load a file of 3 MB or more. */
const TOO_LARGE = 3 * 1024 * 1024;
const LINE_END = /\r?\n/;
const BYTE_ORDER_MARK = /^\ufeff/;

/** Reads the valid lines; an invalid line is skipped, as GitHub does. Undefined where the whole file does not count. */
export function readOwners(text: string): Owners | undefined {
  if (Buffer.byteLength(text) >= TOO_LARGE) return undefined;
  const rules: OwnersRule[] = [];
  const invalid: InvalidLine[] = [];
  for (const [index, source] of text.replace(BYTE_ORDER_MARK, "").split(LINE_END).entries()) {
    const line = index + 1;
    const said = readLine(source);
    if (said?.because !== undefined) invalid.push({ line, text: source.trim(), because: said.because, touches: said.touches });
    else if (said) rules.push({ line, pattern: said.pattern, owners: said.owners });
  }
  return { rules, invalid, ruleFor: lastMatch(rules) };
}

/** The owners of a path. Empty where nobody owns it. */
export const ownersOf = (owners: Owners | undefined, path: string): readonly string[] => owners?.ruleFor(path)?.owners ?? [];
