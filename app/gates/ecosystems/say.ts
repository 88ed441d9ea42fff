import type { Change } from "../gate.ts";
import type { Ecosystem, Package } from "./format.ts";

const LONGEST_NAME = 160;

/** A name as a person may read it: on one line, cut. */
export const shown = (name: string): string =>
  name
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_NAME);

/** Actions and images have their place in their name. */
const NAMED_BY_PLACE: ReadonlySet<Ecosystem> = new Set(["action", "image", "submodule"]);

/** ` from the registry`, with what there is to say of it. */
export function from({ source, ecosystem }: Package, hosts: ReadonlySet<string>): string {
  if (source.kind === "registry" && NAMED_BY_PLACE.has(ecosystem)) return "";
  if (source.kind === "local") return " from this repository";
  if (source.kind === "place") return ` from ${shown(source.at)}`;
  const unusual = source.at && hosts.size > 0 && !hosts.has(`${ecosystem} ${source.at}`);
  return unusual ? ` from the registry at ${shown(source.at)}` : " from the registry";
}

const WORDS = /[^\s"'`,;()[\]{}<>|]+/g;

/** Finds the added line that names a package. Each file's added lines are looked through once. */
export function lineFinder(): (change: Change, one: Package) => { readonly line?: number } {
  const indexes = new Map<Change, ReadonlyMap<string, number>>();
  return (change, { written, address, name }) => {
    const index = indexes.get(change) ?? indexOf(change);
    indexes.set(change, index);
    const line = [written, written?.split("(")[0], name, address, name.split(":").at(-1)].flatMap((one) =>
      one ? (index.get(one.toLowerCase()) ?? []) : [],
    )[0];
    return line === undefined ? {} : { line };
  };
}

function indexOf({ added }: Change): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  const keep = (word: string, line: number) => {
    if (word !== "" && !index.has(word)) index.set(word, line);
  };
  for (const { line, text } of added) {
    for (const [word] of text.toLowerCase().matchAll(WORDS)) {
      const plain = word.replace(/:$/, "");
      keep(word, line);
      keep(plain, line);
      const cut = plain.slice(1).search(/[=<>~!^@:]/);
      if (cut < 0) continue;
      keep(plain.slice(0, cut + 1), line);
      keep(plain.slice(0, plain.lastIndexOf(":")), line);
    }
  }
  return index;
}
