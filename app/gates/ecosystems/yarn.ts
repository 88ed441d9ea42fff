import { type Format, local, type Package, resolvedAt } from "./format.ts";
import { npmDescriptor } from "./npm-spec.ts";
import { at, entriesOf, textOf } from "./shape.ts";
import { readLock } from "./yaml.ts";
import { isClassic, readClassic } from "./yarn-classic.ts";

/** Both notations: of yarn 1, and of yarn 2 and later. */
export const yarnLock: Format = {
  what: "a yarn lockfile",
  is: (_, name) => name === "yarn.lock",
  lock: true,
  read: (text, path) => (isClassic(text) ? classic(text, path) : modern(text, path)),
};

/** Tells nothing of what is direct. */
const classic = (text: string, path: string): readonly Package[] =>
  readClassic(text).flatMap(({ descriptors, version, resolved }) => {
    if (version === undefined) throw new Error("an entry has no version");
    return descriptors.map((descriptor): Package => {
      const found = { ...npmDescriptor(descriptor, path), written: descriptor };
      if (resolved === undefined) return found;
      return { ...found, address: resolved, source: found.source.kind === "registry" ? resolvedAt(resolved, found.name) : found.source };
    });
  });

function modern(text: string, path: string): readonly Package[] {
  const entries = entriesOf(readLock(text)).filter(([key]) => key !== "__metadata");
  const own = entries.filter(([, entry]) => textOf(at(entry, "resolution"))?.includes("@workspace:"));
  const direct = new Set(
    own.flatMap(([, entry]) => [...entriesOf(at(entry, "dependencies")), ...entriesOf(at(entry, "devDependencies"))].map(([name]) => name)),
  );
  return entries.flatMap(([key, entry]) => {
    const resolution = textOf(at(entry, "resolution"));
    if (resolution === undefined) throw new Error("an entry has no resolution");
    return key.split(/, ?/).map((descriptor): Package => {
      const known = npmDescriptor(descriptor, path);
      const name = known.alias ?? known.name;
      const found = resolved(resolution, path);
      return {
        ...found,
        ...(own.length > 0 ? { direct: direct.has(name) } : {}),
        ...(found.name === name ? {} : { alias: name }),
        written: descriptor,
      };
    });
  });
}

/** `left-pad@npm:1.3.0`, with where its archive is when that is not the usual place. */
function resolved(resolution: string, path: string): Package {
  const found = npmDescriptor(resolution, path);
  if (resolution.includes("@workspace:")) return { ...found, source: local };
  const elsewhere = /__archiveUrl=([^&#]+)/.exec(resolution)?.[1];
  return elsewhere ? { ...found, source: resolvedAt(decodeURIComponent(elsewhere), found.name) } : found;
}
