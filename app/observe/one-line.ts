/** What may be told of a stranger's words: on one line, no longer than `most`, and, where secrets are known, without them (P15). */
export type Heard = (text: string, most: number) => string;

/** A stranger's words on one line, without what hides or reorders them, and no longer than `most`. */
export function oneLine(text: string, most: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}
