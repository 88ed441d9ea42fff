import { parse } from "smol-toml";
import {
  type Format,
  git,
  local,
  type Package,
  pathSource,
  publicUrl,
  registry,
  registryAt,
  registryEntry,
  type Source,
} from "./format.ts";
import { at, entriesOf, listOf, textOf, textsOf } from "./shape.ts";

const SECTIONS: Readonly<Record<string, string>> = {
  dependencies: "",
  "dev-dependencies": "development",
  dev_dependencies: "development",
  "build-dependencies": "build",
  build_dependencies: "build",
};

/** https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html */
export const cargoManifest: Format = {
  what: "a Cargo manifest",
  is: (_, name) => name === "cargo.toml",
  read: (text, path) => {
    const manifest = parse(text);
    const tables = [manifest, at(manifest, "workspace"), ...entriesOf(at(manifest, "target")).map(([, target]) => target)];
    const declared = tables.flatMap((table) =>
      Object.entries(SECTIONS).flatMap(([section, role]) =>
        entriesOf(at(table, section)).flatMap(([name, spec]) => crate(name, spec, role, path)),
      ),
    );
    const patched = [...entriesOf(at(manifest, "patch")).map(([, table]) => table), at(manifest, "replace")].flatMap((table) =>
      entriesOf(table).flatMap(([name, spec]) => crate(name.split(":")[0] ?? name, spec, "patched", path)),
    );
    return [...declared, ...patched];
  },
};

function crate(key: string, spec: unknown, role: string, path: string): readonly Package[] {
  // The workspace's own table says what it is.
  if (at(spec, "workspace") === true) return [];
  const name = textOf(at(spec, "package")) ?? key;
  const found = { ecosystem: "rust" as const, name, source: sourceOf(spec, path), direct: true, written: key };
  return [{ ...found, ...(role ? { role } : {}), ...(name === key ? {} : { alias: key }) }];
}

function sourceOf(spec: unknown, manifest: string): Source {
  const repository = textOf(at(spec, "git"));
  if (repository) return git(repository);
  const path = textOf(at(spec, "path"));
  if (path) return pathSource(path, manifest);
  const other = textOf(at(spec, "registry-index")) ?? textOf(at(spec, "registry"));
  return other ? registryAt(publicUrl(other)) : registry;
}

export const cargoLock: Format = {
  what: "a Cargo lockfile",
  is: (_, name) => name === "cargo.lock",
  lock: true,
  read: (text) => {
    const lock = parse(text);
    const packages = listOf(at(lock, "package"));
    if (packages.length === 0) throw new Error("it has no packages");
    const own = packages.filter((one) => at(one, "source") === undefined);
    const direct = new Set(own.flatMap((one) => textsOf(at(one, "dependencies")).map((line) => line.split(" ")[0] ?? line)));
    return packages.map((one): Package => {
      const name = textOf(at(one, "name"));
      if (!name) throw new Error("a package has no name");
      return { ecosystem: "rust", name, source: lockedSource(textOf(at(one, "source"))), direct: direct.has(name), written: name };
    });
  },
};

function lockedSource(source: string | undefined): Source {
  if (source === undefined) return local;
  if (source.startsWith("git+")) return git(source);
  return registryAt(publicUrl(source.replace(/^(registry|sparse)\+/, "")));
}

/** Registries, and what stands in for another. */
export const cargoSettings: Format = {
  what: "Cargo settings",
  is: (path) => /(^|\/)\.cargo\/config(\.toml)?$/.test(path),
  read: (text) => {
    const settings = parse(text);
    return ["registries", "source"].flatMap((key) =>
      entriesOf(at(settings, key)).flatMap(([, one]) => {
        const url = textOf(at(one, "index")) ?? textOf(at(one, "registry")) ?? textOf(at(one, "git"));
        return url ? [registryEntry("rust", url)] : [];
      }),
    );
  },
};
