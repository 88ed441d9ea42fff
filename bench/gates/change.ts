/** Short ways to write down a change as git would show it. */
import type { Change, Line } from "../../app/gates/gate.ts";

const FILE = "100644";
const numbered = (text: string): readonly Line[] => text.split("\n").map((line, index) => ({ line: index + 1, text: line }));

export const added = (path: string, head: string, more: Partial<Change> = {}): Change => ({
  path,
  mode: FILE,
  head,
  added: numbered(head),
  removed: [],
  ...more,
});

export const deleted = (path: string, base: string, more: Partial<Change> = {}): Change => ({
  path,
  previousMode: FILE,
  base,
  added: [],
  removed: numbered(base),
  ...more,
});

/** Lines that are on one side only, by their text: enough for a change that a person wrote. */
export function edited(path: string, base: string, head: string, more: Partial<Change> = {}): Change {
  const [before, after] = [new Set(base.split("\n")), new Set(head.split("\n"))];
  return {
    path,
    previousMode: FILE,
    mode: FILE,
    base,
    head,
    added: numbered(head).filter(({ text }) => !before.has(text)),
    removed: numbered(base).filter(({ text }) => !after.has(text)),
    ...more,
  };
}

/** The old name goes, the new name comes. */
export const renamed = (from: string, to: string, text: string): readonly Change[] => [
  deleted(from, text),
  added(to, text, { previousPath: from }),
];
