/** Text for a terminal. Titles and reasons were written by people and models: a control character of theirs could rewrite the screen. */

const UNSEEN = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** One line, of visible characters only. */
export const plain = (text: string): string => text.toWellFormed().replace(/\s+/g, " ").replace(UNSEEN, "").trim();

/** JSON on one line that a terminal shows as it is. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Columns as wide as they need to be; the last one may be of any length. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): readonly string[] {
  const cells = [head, ...rows.map((row) => row.map((cell) => plain(String(cell))))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Minutes as people say them: `3 d 4 h`, `2 h 5 min`, `7 min`. */
export function duration(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, Math.floor(minutes) % 60];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return rest > 0 ? `${hours} h ${rest} min` : `${hours} h`;
  return `${rest} min`;
}

/** `2026-11-22 09:00:00`, in UTC as everything the Rig shows. */
export const moment = (iso: string): string => new Date(iso).toISOString().slice(0, 19).replace("T", " ");

/** `in_review` → `in review`. */
export const spoken = (name: string): string => name.replaceAll("_", " ");

/** `1 block`, `2 blocks`. */
export const count = (number: number, one: string, several = `${one}s`): string => `${number} ${number === 1 ? one : several}`;
