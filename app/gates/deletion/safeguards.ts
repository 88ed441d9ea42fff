/** What kept data from being lost and is taken out: soft deletion and backups. */
import { stretchesOf } from "../content/changed.ts";
import type { Pattern } from "../content/idea.ts";
import { isComment, type Source, sourceOf } from "../content/source.ts";
import { wordsIn } from "../content/vocabulary.ts";
import type { Change, Evidence, Line } from "../gate.ts";
import { backup, softDeletion } from "./keepers.ts";

const BACKUP_FILE = /(?:^|[/_.-])(?:back-?ups?|snapshots?)[/_.-]/i;
const RUNS: readonly (Source["family"] | "none")[] = ["data", "shell", "py", "rb", "go", "sql"];

/** Losses in one file, next to the file that it moved to if it did. */
export function safeguardsLost(change: Change, movedTo: Change | undefined): readonly Evidence[] {
  const { path, removed } = change;
  if (removed.length === 0 || change.media) return [];
  const source = sourceOf(change);
  if (source.docs || source.words || source.test || source.family === "style") return [];
  const head = movedTo ?? change;
  const gone = stretchesOf(change).flatMap((stretch) => (stretch.removed ? [wordsIn(stretch)] : []));
  const lost = ({ words, pattern }: Pattern, because: string) =>
    words.some((word) => gone.some((found) => found.has(word)))
      ? lostIn(textOf(change.base, removed), textOf(head.head, head.added), removed, pattern, source).map((line) => ({
          path,
          line,
          removed: true as const,
          because,
        }))
      : [];
  const job: readonly Evidence[] =
    change.mode === undefined && !movedTo && BACKUP_FILE.test(path) && RUNS.includes(source.family ?? "none")
      ? [{ path, removed: true, because: "what made backups is deleted" }]
      : [];
  return [
    ...lost(softDeletion, "what kept or hid deleted records is taken out"),
    ...lost(backup, "what made backups is taken out"),
    ...job,
  ];
}

const textOf = (whole: string | undefined, lines: readonly Line[]): string => whole ?? lines.map(({ text }) => text).join("\n");

/** Lines that lose a word which the file then has fewer times than before. */
function lostIn(base: string, head: string, removed: readonly Line[], pattern: RegExp, source: Source): readonly number[] {
  const [before, after] = [counted(base, pattern, source), counted(head, pattern, source)];
  const fewer = new Set([...before].filter(([word, times]) => (after.get(word) ?? 0) < times).map(([word]) => word));
  return removed
    .filter(({ text }) =>
      Array.from(text.matchAll(pattern)).some(({ 0: word, index }) => fewer.has(word) && !isComment(text, index, source.family)),
    )
    .map(({ line }) => line);
}

function counted(text: string, pattern: RegExp, { family }: Source): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { 0: word, index } of text.matchAll(pattern)) if (!isComment(text, index, family)) times.set(word, (times.get(word) ?? 0) + 1);
  return times;
}
