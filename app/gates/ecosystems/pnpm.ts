import { archive, type Format, git, local, type Package, pathSource, resolvedAt, type Source } from "./format.ts";
import { catalog, replacements } from "./npm-manifest.ts";
import { npmDescriptor } from "./npm-spec.ts";
import { at, entriesOf, textOf } from "./shape.ts";
import { readLock, readYaml } from "./yaml.ts";

const SECTIONS = ["dependencies", "devDependencies", "optionalDependencies"];

/** Lockfile versions 5 to 9. A file of version 9 may hold two documents. */
export const pnpmLock: Format = {
  what: "a pnpm lockfile",
  is: (_, name) => name === "pnpm-lock.yaml" || (name.startsWith("pnpm-lock.") && name.endsWith(".yaml")),
  lock: true,
  read: (text, path) =>
    text
      .split(/^---[ \t]*$/m)
      .filter((one) => one.trim() !== "")
      .flatMap((one) => {
        const lock = readLock(one);
        if (at(lock, "lockfileVersion") === undefined) throw new Error("it has no lockfileVersion");
        const importers = [lock, ...entriesOf(at(lock, "importers")).map(([, importer]) => importer)];
        const declared = importers.flatMap((importer) => SECTIONS.flatMap((section) => entriesOf(at(importer, section))));
        const direct = new Set(declared.map(([name]) => name));
        const links = declared.flatMap(([name, entry]) => {
          const version = textOf(entry) ?? textOf(at(entry, "version")) ?? "";
          return version.startsWith("link:") ? [{ ecosystem: "npm" as const, name, source: local, direct: true }] : [];
        });
        return [...links, ...entriesOf(at(lock, "packages")).map(([key, entry]) => locked(key, entry, direct, path))];
      }),
};

export const pnpmWorkspace: Format = {
  what: "a pnpm workspace",
  is: (_, name) => name === "pnpm-workspace.yaml",
  read: (text, path) => {
    const workspace = readYaml(text);
    return [
      ...catalog(at(workspace, "catalog"), path),
      ...catalog(at(workspace, "catalogs"), path),
      ...catalog(at(workspace, "configDependencies"), path),
      ...replacements(at(workspace, "overrides"), path),
    ];
  },
};

function locked(key: string, entry: unknown, direct: ReadonlySet<string>, path: string): Package {
  const { name } = named(key, entry, path);
  return {
    ecosystem: "npm",
    name,
    source: sourceOf(name, key, entry, path),
    direct: direct.has(name),
    written: key,
    ...(truthy(at(entry, "dev")) ? { role: "development" } : {}),
    ...(truthy(at(entry, "requiresBuild")) ? { installScript: true } : {}),
  };
}

/** `/a/1.0.0`, `/a@1.0.0(peer)`, `a@1.0.0`, `a@https://…`; a key without a name has it inside. */
function named(key: string, entry: unknown, path: string): Pick<Package, "name"> {
  const inside = textOf(at(entry, "name"));
  if (inside) return { name: inside };
  const plain = (key.startsWith("/") ? key.slice(1) : key).split("(")[0] ?? "";
  const older = /^((?:@[^/]+\/)?[^/@]+)\/\d/.exec(plain);
  return { name: older?.[1] ?? npmDescriptor(plain, path).name };
}

function sourceOf(name: string, key: string, entry: unknown, path: string): Source {
  const resolution = at(entry, "resolution");
  const repo = textOf(at(resolution, "repo"));
  if (repo) return git(repo);
  const directory = textOf(at(resolution, "directory"));
  if (directory) return pathSource(directory, path);
  const tarball = textOf(at(resolution, "tarball"));
  if (tarball)
    return tarball.startsWith("file:") ? pathSource(tarball, path) : /@https?:/.test(key) ? archive(tarball) : resolvedAt(tarball, name);
  // A host before the path is a repository (`github.com/a/b/0a1b`); everything else is the registry's.
  const [host = "", ...rest] = key.split("/");
  if (host.includes(".") && !host.includes("@") && rest.length > 2) return git(`https://${host}/${rest[0]}/${rest[1]}`);
  return npmDescriptor(key.replace(/^\//, "").split("(")[0] ?? "", path).source;
}

/** The quick reader leaves everything text. */
const truthy = (value: unknown): boolean => value === true || value === "true";
