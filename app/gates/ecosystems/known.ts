/** What was there before, and whether a package is new against it. */
import type { Package, Source } from "./format.ts";
import type { Side } from "./read.ts";

interface Compared {
  readonly isNew: (one: Package) => boolean;
  readonly isKnownName: (one: Package) => boolean;
  /** `ecosystem address` of every registry that a lockfile of the merge base names. */
  readonly hosts: ReadonlySet<string>;
}

export function compared(base: Side): Compared {
  const sources = new Map<string, Source[]>();
  const hosts = new Set<string>();
  const own = new Set<string>();
  for (const { package: one } of base.found) {
    if (one.own) {
      own.add(keyOf(one));
      continue;
    }
    const known = sources.get(keyOf(one));
    if (known) known.push(one.source);
    else sources.set(keyOf(one), [one.source]);
    if (one.source.kind === "registry" && one.source.at) hosts.add(`${one.ecosystem} ${one.source.at}`);
  }

  const isOwn = ({ ecosystem, name }: Package) =>
    [...name.matchAll(/[:/]|$/g)].some(({ index }) => own.has(`${ecosystem} ${name.slice(0, index)}`));
  return {
    hosts,
    isKnownName: (one) => sources.has(keyOf(one)),
    isNew: (one) => {
      if (one.own || (own.size > 0 && isOwn(one) && one.source.kind === "registry")) return false;
      const known = sources.get(keyOf(one));
      return known ? !isKnown(one, known, hosts) : one.source.kind !== "local";
    },
  };
}

function isKnown({ ecosystem, source }: Package, known: readonly Source[], hosts: ReadonlySet<string>): boolean {
  if (source.kind === "local") return known.some(({ kind }) => kind === "local");
  const registries = known.filter(({ kind }) => kind === "registry");
  const { at } = source;
  if (at === undefined) return registries.length > 0;
  if (known.some((one) => one.kind !== "local" && one.at === at)) return true;
  // A manifest does not say at which registry. The lockfile's other packages do.
  const unsaid = source.kind === "registry" && registries.length > 0 && !registries.some((one) => one.kind === "registry" && one.at);
  return unsaid && hosts.has(`${ecosystem} ${at}`);
}

const keyOf = ({ ecosystem, name }: Package): string => `${ecosystem} ${name}`;
