import type { Format, Package } from "./format.ts";
import { registryEntry } from "./format.ts";
import { readManifest } from "./json.ts";
import { npmDescriptor, npmPackage } from "./npm-spec.ts";
import { at, entriesOf, mapping, textOf, textsOf } from "./shape.ts";

const SECTIONS: Readonly<Record<string, string>> = {
  dependencies: "",
  devDependencies: "development",
  peerDependencies: "peer",
  optionalDependencies: "optional",
};
const REPLACING: readonly (readonly string[])[] = [["overrides"], ["resolutions"], ["pnpm", "overrides"]];

/** https://docs.npmjs.com/cli/configuring-npm/package-json and what pnpm, yarn and bun add to it. */
export const npmManifest: Format = {
  what: "an npm manifest",
  is: (_, name) => name === "package.json",
  read: (text, path) => {
    const manifest = readManifest(text);
    const direct = Object.entries(SECTIONS).flatMap(([section, role]) =>
      sectionOf(manifest, section).map(([name, spec]) => ({
        ...npmPackage(name, asText(name, spec), path),
        direct: true,
        ...(role ? { role } : {}),
      })),
    );
    const bundled = ["bundledDependencies", "bundleDependencies"].flatMap((section) =>
      textsOf(at(manifest, section))
        .filter((name) => !direct.some(({ alias, name: real }) => name === (alias ?? real)))
        .map((name) => ({ ...npmPackage(name, "*", path), direct: true, role: "bundled" })),
    );
    const replaced = REPLACING.flatMap((keys) => replacements(at(manifest, ...keys), path));
    const catalogs = ["catalog", "catalogs"].flatMap((key) => [
      ...catalog(at(manifest, key), path),
      ...catalog(at(manifest, "workspaces", key), path),
    ]);
    return [...direct, ...bundled, ...replaced, ...catalogs, ...manager(textOf(at(manifest, "packageManager")), path)];
  },
};

/** npm takes a list for a mapping, and so might others: a section that is no mapping is a person's to look at. */
function sectionOf(manifest: object, section: string): readonly (readonly [string, unknown])[] {
  const value = at(manifest, section);
  if (value === undefined || value === null) return [];
  return entriesOf(mapping(value));
}

/** Registries that packages of a scope, or all, come from. */
export const npmSettings: Format = {
  what: "npm settings",
  is: (_, name) => name === ".npmrc",
  read: (text) =>
    [...text.matchAll(/^[ \t]*(?:@[\w.-]+:)?registry[ \t]*=[ \t]*["']?([^\s"']+)/gim)].map(([, url = ""]) => registryEntry("npm", url)),
};

/** Packages of a catalog, or of several by name. */
export const catalog = (value: unknown, path: string): readonly Package[] =>
  entriesOf(value).flatMap(([name, spec]) =>
    typeof spec === "string"
      ? [{ ...npmPackage(name, spec, path), direct: true }]
      : entriesOf(spec).map(([inner, one]) => ({ ...npmPackage(inner, asText(inner, one), path), direct: true })),
  );

/** An override that only names a version brings nothing new in; one that names another package or place does. */
export function replacements(value: unknown, path: string): readonly Package[] {
  const found: Package[] = [];
  const inside = entriesOf(value).slice();
  for (let entry = inside.pop(); entry; entry = inside.pop()) {
    const [selector, spec] = entry;
    if (typeof spec !== "string") {
      inside.push(...entriesOf(spec));
      continue;
    }
    if (spec.startsWith("$")) continue;
    const name = npmDescriptor(selector.split(/[>/](?=[^/>]*$)/).at(-1) ?? selector, path).name;
    const scoped = /(^|[>/])(@[^/>@]+\/[^/>@]+)(@[^>]*)?$/.exec(selector)?.[2];
    const replacement = { ...npmPackage(scoped ?? name, spec, path), role: "override", written: selector };
    if (replacement.source.kind !== "registry" || replacement.alias) found.push(replacement);
  }
  return found;
}

const manager = (value: string | undefined, path: string): readonly Package[] =>
  value
    ? [{ ...npmDescriptor(value.replace(/\+[\w.]+$/, ""), path), direct: true, role: "package manager", written: "packagemanager" }]
    : [];

function asText(name: string, spec: unknown): string {
  const text = textOf(spec);
  if (text === undefined) throw new Error(`${name} has no version that is text`);
  return text;
}
