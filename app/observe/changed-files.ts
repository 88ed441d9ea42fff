/** Puts together what differs between two commits, the same whether GitHub's API or git told it. */
import type { ChangedFile, ChangedLine } from "../domain/seen.ts";
import { type Content, linesOf, type Side } from "./blob-content.ts";
import { compared, type Differing, type Texts } from "./patches.ts";

/** One path that differs. A rename is two of them. */
export interface Entry {
  readonly path: string;
  readonly previousPath?: string;
  readonly base?: Side;
  readonly head?: Side;
}

interface Read {
  readonly entry: Entry;
  readonly base: Content | undefined;
  readonly head: Content | undefined;
}

export type ContentOf = (path: string, side: Side) => Content;
/** What is known already of the lines of a file that is at both commits. */
export type KnownLines = (path: string, texts: Texts) => Differing | undefined;

const KIND = 0o170000;

export async function changedFiles(
  entries: readonly Entry[],
  contentOf: ContentOf,
  known: KnownLines = () => undefined,
): Promise<readonly ChangedFile[]> {
  const read = entries.map((entry) => ({
    entry,
    base: entry.base && contentOf(entry.path, entry.base),
    head: entry.head && contentOf(entry.path, entry.head),
  }));
  const differing = new Map<Read, Differing>();
  const asked: { readonly one: Read; readonly texts: Texts }[] = [];
  for (const one of read) {
    const texts = comparable(one);
    const found = texts && (texts.base === texts.head ? nothing : known(one.entry.path, texts));
    if (found) differing.set(one, found);
    else if (texts) asked.push({ one, texts });
  }
  const answers = await compared(asked.map(({ texts }) => texts));
  asked.forEach(({ one }, index) => {
    differing.set(one, answers[index] ?? nothing);
  });
  return read.map((one) => changedFile(one, differing.get(one))).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const nothing: Differing = { removed: [], added: [] };

/** Both texts of a file that stayed what it was; a file in place of a link is another file. */
function comparable({ entry, base, head }: Read): Texts | undefined {
  if (base?.text === undefined || head?.text === undefined) return undefined;
  const same = kindOf(entry.base) === kindOf(entry.head);
  return same ? { base: base.text, head: head.text } : undefined;
}

const kindOf = (side: Side | undefined): number => Number.parseInt(side?.mode ?? "0", 8) & KIND;

function changedFile({ entry, base, head }: Read, differing: Differing | undefined): ChangedFile {
  const { path, previousPath } = entry;
  const unreadable = head?.unreadable ?? base?.unreadable;
  const media = [base, head].every((side) => !side || side.media) ? (head?.media ?? base?.media) : undefined;
  return {
    path,
    ...(previousPath === undefined ? {} : { previousPath }),
    ...(entry.base ? { previousMode: entry.base.mode } : {}),
    ...(entry.head ? { mode: entry.head.mode } : {}),
    ...(base?.text === undefined ? {} : { base: base.text }),
    ...(head?.text === undefined ? {} : { head: head.text }),
    added: linesAt(head?.text, differing?.added),
    removed: linesAt(base?.text, differing?.removed),
    ...(unreadable ? { unreadable } : {}),
    ...(media ? { media } : {}),
  };
}

/** The lines of those numbers; every line where no numbers are given. */
function linesAt(text: string | undefined, numbers: readonly number[] | undefined): readonly ChangedLine[] {
  const lines = linesOf(text ?? "");
  if (!numbers) return lines.map((line, index) => ({ line: index + 1, text: line }));
  return numbers.map((line) => ({ line, text: lines[line - 1] ?? "" }));
}
