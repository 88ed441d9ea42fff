import { parse } from "smol-toml";
import { archive, type Format, git, local, type Package, pathSource, publicUrl, registry, registryAt, type Source } from "./format.ts";
import { pythonName } from "./python-requirement.ts";
import { at, entriesOf, listOf, textOf } from "./shape.ts";

/** The lockfiles of Poetry, uv and PDM, and pylock.toml (PEP 751): each is a list of packages. */
export const pythonLock: Format = {
  what: "a Python lockfile",
  is: (_, name) => name === "poetry.lock" || name === "uv.lock" || name === "pdm.lock" || /^pylock(\..+)?\.toml$/.test(name),
  lock: true,
  read: (text, path) => {
    const lock = parse(text);
    const packages = [...listOf(at(lock, "package")), ...listOf(at(lock, "packages"))];
    if (packages.length === 0 && Object.keys(lock).length === 0) throw new Error("it is empty");
    const roots = packages.filter((one) => sourceOf(one, path).kind === "local");
    const direct = new Set(roots.flatMap(directOf));
    return packages.map((one): Package => {
      const name = textOf(at(one, "name"));
      if (!name) throw new Error("a package has no name");
      return {
        ecosystem: "python",
        name: pythonName(name),
        source: sourceOf(one, path),
        ...(roots.length > 0 ? { direct: direct.has(pythonName(name)) } : {}),
        ...(textOf(at(one, "category")) === "dev" ? { role: "development" } : {}),
        written: name,
      };
    });
  },
};

/** What uv says that a project of the workspace asks for. */
const directOf = (root: unknown): readonly string[] =>
  [
    at(root, "dependencies"),
    ...entriesOf(at(root, "dev-dependencies")).map(([, list]) => list),
    ...entriesOf(at(root, "optional-dependencies")).map(([, list]) => list),
  ]
    .flatMap(listOf)
    .map((one) => pythonName(textOf(at(one, "name")) ?? ""));

function sourceOf(one: unknown, path: string): Source {
  const source = at(one, "source") ?? one;
  const kind = textOf(at(source, "type"));
  const url = textOf(at(source, "url"));
  if (kind === "git" && url) return git(url);
  if (kind === "url" && url) return archive(url);
  if ((kind === "directory" || kind === "file") && url) return pathSource(url, path);
  if (kind && url) return registryAt(textOf(at(source, "reference")) ?? publicUrl(url));
  const repository = textOf(at(source, "git")) ?? textOf(at(one, "vcs", "url"));
  if (repository) return git(repository);
  const index = textOf(at(source, "registry")) ?? textOf(at(one, "index"));
  if (index) return /^https?:/.test(index) ? registryAt(publicUrl(index)) : pathSource(index, path);
  if (["virtual", "editable"].some((key) => at(source, key) !== undefined)) return local;
  const folder = textOf(at(source, "directory")) ?? textOf(at(source, "path")) ?? textOf(at(one, "directory", "path"));
  if (folder) return pathSource(folder, path);
  const direct = url ?? textOf(at(one, "archive", "url"));
  return direct ? archive(direct) : registry;
}
