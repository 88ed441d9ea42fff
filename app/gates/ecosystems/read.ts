/** Reads every changed manifest and lockfile as it was and as it is. */
import type { Change, Evidence } from "../gate.ts";
import { type Format, local, type Package } from "./format.ts";
import { formats } from "./index.ts";

export interface Found {
  readonly change: Change;
  readonly package: Package;
  readonly lock: boolean;
}

export interface Side {
  readonly found: readonly Found[];
}

interface Known {
  readonly change: Change;
  readonly format: Format;
  /** In lower case and NFC. */
  readonly path: string;
}

const REGULAR = /^100/;

export function foundIn(changes: readonly Change[]): { readonly base: Side; readonly head: Side; readonly unread: readonly Evidence[] } {
  const inOrder = changes.flatMap((change): readonly Known[] => {
    const path = folded(change.path);
    const format = formatOf(path);
    return format ? [{ change, format, path }] : [];
  });
  inOrder.sort((a, b) => (a.change.path < b.change.path ? -1 : 1));
  const present = new Set(inOrder.filter(({ change }) => change.head !== undefined).map(({ path }) => path));
  const unread: Evidence[] = [];

  const base = inOrder.flatMap((known) => {
    const { change } = known;
    if (change.base === undefined || !isRegular(change.previousMode)) return [];
    // What stood there and could not be read makes nothing known.
    return attempt(known, change.base) ?? [];
  });
  const head = inOrder.flatMap((known) => {
    const { change, format, path } = known;
    const gone = change.mode === undefined && change.head === undefined && change.unreadable === undefined;
    if (gone || (change.mode === undefined && change.previousMode !== undefined)) return [];
    const because = unreadable(change, format);
    const found = because || change.head === undefined ? undefined : attempt(known, change.head);
    if (!found) unread.push({ path: change.path, because: because ?? `could not be read as ${format.what}` });
    return found && !(format.unless && present.has(format.unless(path))) ? found : [];
  });
  return { base: { found: withLocal(base, "base") }, head: { found: withLocal(head, "head") }, unread };
}

function unreadable({ unreadable: why, mode, head }: Change, { what }: Format): string | undefined {
  if (mode === "120000") return `is a symbolic link in place of ${what}: what it points at could not be read`;
  if (mode === "160000") return `is a Git submodule in place of ${what}`;
  if (why !== undefined) return `${what} whose content could not be read: ${why}`;
  return head === undefined ? `${what} whose content could not be read` : undefined;
}

const isRegular = (mode: string | undefined): boolean => mode === undefined || REGULAR.test(mode);

function attempt({ change, format }: Known, text: string): readonly Found[] | undefined {
  try {
    return format.read(text, change.path).map((one) => ({ change, package: one, lock: format.lock ?? false }));
  } catch {
    // Whatever a parser does not take is a person's to look at; its message may quote the file.
    return undefined;
  }
}

/**
 * In a workspace a plain version may mean a sibling: the lockfile above says so. A lockfile that the change brings along proves
 * nothing.
 */
function withLocal(found: readonly Found[], side: "base" | "head"): readonly Found[] {
  const linked = new Map<string, string[]>();
  for (const { change, lock, package: one } of found) {
    if (!lock || one.source.kind !== "local" || (side === "head" && change.base === undefined)) continue;
    const key = `${one.ecosystem} ${one.name}`;
    linked.set(key, [...(linked.get(key) ?? []), folderOf(change.path)]);
  }
  if (linked.size === 0) return found;
  return found.map((one) => {
    const { ecosystem, name, source } = one.package;
    if (one.lock || source.kind !== "registry") return one;
    const folders = linked.get(`${ecosystem} ${name}`);
    return folders?.some((folder) => one.change.path.startsWith(folder)) ? { ...one, package: { ...one.package, source: local } } : one;
  });
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

const folded = (path: string): string => path.normalize("NFC").toLowerCase();

const formatOf = (path: string): Format | undefined => {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return formats.find((format) => format.is(path, name));
};
