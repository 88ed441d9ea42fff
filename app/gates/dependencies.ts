/** Code of other people that a change brings in (R11b): sets of ecosystem, name and source at the merge base and at the head. */
import type { Package } from "./ecosystems/format.ts";
import { nouns } from "./ecosystems/format.ts";
import { compared } from "./ecosystems/known.ts";
import { type Found, foundIn, type Side } from "./ecosystems/read.ts";
import { from, lineFinder, shown } from "./ecosystems/say.ts";
import type { Change, Evidence, Gate } from "./gate.ts";

const SUBMODULE = "160000";

export const dependencies: Gate = {
  name: "dependencies",
  why: "A new dependency is code of somebody else that runs with the project's rights.",
  raisedBy: (changes) => newDependencies(changes),
};

/** Every package, or source of one, that no changed manifest or lockfile had before; and what could not be read. */
export function newDependencies(changes: readonly Change[]): readonly Evidence[] {
  const { base, head, unread } = foundIn(changes);
  const submodules = changes
    .filter(({ mode, previousMode }) => mode === SUBMODULE && previousMode !== SUBMODULE)
    .map(({ path }) => ({ path, because: "adds a Git submodule: another repository's content" }));
  return [...unread, ...submodules, ...(head.found.length === 0 ? [] : evidenceOf(base, head))];
}

function evidenceOf(base: Side, head: Side): readonly Evidence[] {
  const { isNew, isKnownName, hosts } = compared(base);
  const groups = Map.groupBy(
    head.found.filter(({ package: one }) => isNew(one)),
    ({ package: { ecosystem, name } }) => `${ecosystem} ${name}`,
  );
  const lineOf = lineFinder();
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const known = isKnownName(first.package);
    return told(group).map(({ change, package: one }) => {
      const because = one.because ?? sentence(one, known, hosts);
      return { path: change.path, ...lineOf(change, one), because };
    });
  });
}

/** One for each manifest that names the package, with what the lockfile adds; one for each lockfile where no manifest does. */
function told(group: readonly Found[]): readonly Found[] {
  const manifests = group.filter(({ lock }) => !lock);
  const script = group.some(({ package: one }) => one.installScript);
  const hosted = group.find(({ package: { source } }) => source.kind === "registry" && source.at)?.package.source;
  const explained = manifests.map((found): Found => {
    const { package: one } = found;
    const source = hosted && one.source.kind === "registry" ? hosted : one.source;
    return { ...found, package: { ...one, source, ...(script ? { installScript: true } : {}) } };
  });
  const sources = new Set(explained.map(({ package: { source } }) => keyOf(source)));
  const others = group.filter(
    ({ lock, package: { source } }) =>
      lock && !sources.has(keyOf(source)) && !(source.kind === "registry" && !source.at && manifests.length > 0),
  );
  const distinct = new Map(
    [...explained, ...others].map((found) => [`${found.change.path}\n${keyOf(found.package.source)}`, found] as const).toReversed(),
  );
  return [...distinct.values()].toReversed();
}

const keyOf = (source: Package["source"]): string => (source.kind === "local" ? "local" : (source.at ?? ""));

function sentence(one: Package, known: boolean, hosts: ReadonlySet<string>): string {
  const how = [one.direct === undefined ? "" : one.direct ? "direct" : "transitive", one.role ?? ""]
    .filter((word) => word !== "")
    .join(", ");
  const name = `${nouns[one.ecosystem]} ${shown(one.name)}${one.alias ? ` under the name ${shown(one.alias)}` : ""}${how ? ` (${how})` : ""}`;
  const place = from(one, hosts);
  const script = one.installScript ? ", has an install script" : "";
  return known ? `takes ${name}${place}, where it did not come from before${script}` : `adds ${name}${place}${script}`;
}
