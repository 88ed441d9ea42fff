import { parse } from "smol-toml";
import { type Format, type Package, registryEntry } from "./format.ts";
import { readJson } from "./json.ts";
import { sourcesOf } from "./pyproject.ts";
import { pythonPackage } from "./python-requirement.ts";
import { at, entriesOf, listOf, textOf } from "./shape.ts";

const NOT_PACKAGES = ["source", "requires", "scripts", "pipenv", "pipfile"];

/** Every table of packages, also of a group of one's own. */
export const pipfile: Format = {
  what: "a Pipfile",
  is: (_, name) => name === "pipfile",
  read: (text, path) => {
    const file = parse(text);
    return [
      ...entriesOf(file)
        .filter(([section]) => !NOT_PACKAGES.includes(section))
        .flatMap(([section, table]) => packagesOf(table, section === "packages" ? undefined : "development", path)),
      ...registriesOf(at(file, "source")),
    ];
  },
};

export const pipfileLock: Format = {
  what: "a Pipfile lockfile",
  is: (_, name) => name === "pipfile.lock",
  lock: true,
  read: (text, path) => {
    const lock = readJson(text);
    return [
      ...entriesOf(lock)
        .filter(([section]) => section !== "_meta")
        .flatMap(([section, table]) =>
          packagesOf(table, section === "default" ? undefined : "development", path).map(({ direct: _, ...one }) => one),
        ),
      ...registriesOf(at(lock, "_meta", "sources")),
    ];
  },
};

/** The index that is named is one of the file's own, listed beside it. */
const packagesOf = (table: unknown, role: string | undefined, path: string): readonly Package[] =>
  entriesOf(table).flatMap(([name, spec]) => {
    const { index: _, ...rest } = Object.fromEntries(entriesOf(spec));
    return sourcesOf(rest, path).map((source) => pythonPackage(name, source, role));
  });

const registriesOf = (sources: unknown): readonly Package[] =>
  listOf(sources).flatMap((one) => {
    const url = textOf(at(one, "url"));
    return url ? [registryEntry("python", url)] : [];
  });
