import { parse } from "smol-toml";
import { archive, type Format, git, local, type Package, pathSource, registry, registryAt, registryEntry, type Source } from "./format.ts";
import { pythonName, pythonPackage, requirement } from "./python-requirement.ts";
import { include } from "./python-requirements.ts";
import { at, entriesOf, listOf, someOf, textOf } from "./shape.ts";

/** PEP 621, 735 and 518, and what Poetry, uv, PDM and Hatch have of their own. */
export const pyproject: Format = {
  what: "a Python project file",
  is: (_, name) => name === "pyproject.toml",
  read: (text, path) => {
    const project = parse(text);
    const tool = (...keys: string[]) => at(project, "tool", ...keys);
    const own = textOf(at(project, "project", "name")) ?? textOf(tool("poetry", "name"));
    const lists: readonly (readonly [unknown, string?])[] = [
      [at(project, "project", "dependencies")],
      ...entriesOf(at(project, "project", "optional-dependencies")).map(([, list]) => [list, "optional"] as const),
      ...entriesOf(at(project, "dependency-groups")).map(([, list]) => [list, "development"] as const),
      [at(project, "build-system", "requires"), "build"],
      [tool("uv", "dev-dependencies"), "development"],
      [tool("uv", "override-dependencies"), "override"],
      [tool("uv", "constraint-dependencies"), "constraint"],
      ...entriesOf(tool("pdm", "dev-dependencies")).map(([, list]) => [list, "development"] as const),
      ...entriesOf(tool("hatch", "envs")).flatMap(([, env]) => [
        [at(env, "dependencies"), "development"] as const,
        [at(env, "extra-dependencies"), "development"] as const,
      ]),
    ];
    const uv = new Map(entriesOf(tool("uv", "sources")).map(([name, source]) => [pythonName(name), source]));
    const listed = lists.flatMap(([list, role]) =>
      listOf(list).flatMap((one): readonly Package[] => {
        const text = textOf(one);
        if (text === undefined) return [];
        const found = requirement(text, path);
        if (!found) throw new Error("an entry is no requirement");
        const source = uv.has(found.name) ? sourcesOf(uv.get(found.name), path) : [found.source];
        return source.map((from) => ({ ...found, source: from, ...(role ? { role } : {}) }));
      }),
    );
    const poetry: readonly (readonly [unknown, string?])[] = [
      [tool("poetry", "dependencies")],
      [tool("poetry", "dev-dependencies"), "development"],
      ...entriesOf(tool("poetry", "group")).map(([, group]) => [at(group, "dependencies"), "development"] as const),
    ];
    const named = poetry.flatMap(([table, role]) =>
      entriesOf(table)
        .filter(([name]) => name !== "python")
        .flatMap(([name, spec]) => sourcesOf(spec, path).map((source) => pythonPackage(name, source, role))),
    );
    const declared = [...uv].flatMap(([name, source]) => sourcesOf(source, path).map((from) => pythonPackage(name, from)));
    const registries = [...listOf(tool("poetry", "source")), ...someOf(tool("uv", "index")), ...listOf(tool("pdm", "source"))].flatMap(
      (one) => {
        const url = textOf(at(one, "url"));
        return url ? [registryEntry("python", url)] : [];
      },
    );
    const dynamic = at(project, "tool", "setuptools", "dynamic");
    const files = [at(dynamic, "dependencies"), ...entriesOf(at(dynamic, "optional-dependencies")).map(([, one]) => one)]
      .flatMap((one) => someOf(at(one, "file")))
      .flatMap((one) => include(textOf(one) ?? "", path));
    return [...files, ...listed, ...named, ...declared.filter(({ source }) => source.kind === "place"), ...registries].filter(
      ({ name }) => own === undefined || name !== pythonName(own),
    );
  },
};

/** What Poetry's tables, uv's sources and Pipfiles say of one package; several where it depends on the platform. */
export function sourcesOf(spec: unknown, manifest: string): readonly Source[] {
  if (Array.isArray(spec)) return spec.flatMap((one) => sourcesOf(one, manifest));
  const repository = textOf(at(spec, "git"));
  if (repository) return [git(repository)];
  const url = textOf(at(spec, "url")) ?? textOf(at(spec, "file"));
  if (url) return [/^https?:/.test(url) ? archive(url) : pathSource(url, manifest)];
  const path = textOf(at(spec, "path"));
  if (path) return [pathSource(path, manifest)];
  if (at(spec, "workspace") === true) return [local];
  const named = textOf(at(spec, "source")) ?? textOf(at(spec, "index"));
  return [named ? registryAt(named) : registry];
}
