import { type Format, type Package, pathSource, registry, resolvedAt, type Source } from "./format.ts";
import { readJson } from "./json.ts";
import { npmPackage } from "./npm-spec.ts";
import { at, entriesOf, textOf } from "./shape.ts";

const SECTIONS = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/** Versions 1 to 3: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export const npmLock: Format = {
  what: "an npm lockfile",
  is: (path, name) => name === "package-lock.json" || name === "npm-shrinkwrap.json" || path.endsWith("node_modules/.package-lock.json"),
  lock: true,
  read: (text, path) => {
    const lock = readJson(text);
    const packages = entriesOf(at(lock, "packages"));
    if (packages.length === 0 && at(lock, "dependencies") === undefined && at(lock, "lockfileVersion") === undefined)
      throw new Error("it has neither packages nor a version");
    // Version 2 says everything twice, for readers of both.
    return [...modern(packages, path), ...nested(at(lock, "dependencies"), path)];
  },
};

function modern(packages: readonly (readonly [string, unknown])[], path: string): readonly Package[] {
  const direct = new Set(
    packages
      .filter(([key]) => !key.includes("node_modules/"))
      .flatMap(([, entry]) => SECTIONS.flatMap((section) => entriesOf(at(entry, section)).map(([name]) => name))),
  );
  return packages.flatMap(([key, entry]) => {
    const place = key.lastIndexOf("node_modules/");
    if (place < 0) return [];
    const known = key.slice(place + "node_modules/".length);
    const name = textOf(at(entry, "name")) ?? known;
    const top = place === 0 || !key.slice(0, place).includes("node_modules/");
    const found: Package = {
      ecosystem: "npm",
      name,
      source: at(entry, "link") === true ? pathSource(textOf(at(entry, "resolved")) ?? ".", path) : sourceOf(name, entry, path),
      direct: top && direct.has(known),
      ...(name === known ? {} : { alias: known }),
      written: key,
    };
    return [{ ...found, ...about(entry) }];
  });
}

/** Version 1 keeps packages inside of packages. */
function nested(dependencies: unknown, path: string): readonly Package[] {
  const found: Package[] = [];
  const inside = entriesOf(dependencies).slice();
  for (let entry = inside.pop(); entry; entry = inside.pop()) {
    const [key, value] = entry;
    const version = textOf(at(value, "version")) ?? "";
    const declared = npmPackage(key, version, path);
    const source = declared.source.kind === "registry" ? sourceOf(declared.name, value, path) : declared.source;
    found.push({ ...declared, source, ...about(value) });
    inside.push(...entriesOf(at(value, "dependencies")));
  }
  return found;
}

function sourceOf(name: string, entry: unknown, path: string): Source {
  const resolved = textOf(at(entry, "resolved"));
  if (resolved === undefined) return registry;
  return resolved.startsWith("file:") ? pathSource(resolved, path) : resolvedAt(resolved, name);
}

const withAddress = (address: string | undefined): Pick<Package, "address"> => (address ? { address } : {});

const about = (entry: unknown): Pick<Package, "role" | "installScript" | "address"> => ({
  ...withAddress(textOf(at(entry, "resolved"))),
  ...(at(entry, "dev") === true ? { role: "development" } : {}),
  ...(at(entry, "hasInstallScript") === true ? { installScript: true } : {}),
});
