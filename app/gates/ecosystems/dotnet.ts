import { type Format, type Package, registry, registryEntry } from "./format.ts";
import { readJson, readJsonc } from "./json.ts";
import { at, entriesOf, someOf, textOf } from "./shape.ts";
import { elementsOf, innerText, readXml } from "./xml.ts";

const REFERENCES = new Set(["packagereference", "packageversion", "globalpackagereference", "packagedownload", "dotnetclitoolreference"]);

/** Names differ by more than case only. */
const nuget = (name: string, role?: string): Package => ({
  ecosystem: "nuget",
  name: name.trim().toLowerCase(),
  source: registry,
  direct: true,
  ...(role ? { role } : {}),
  written: name.trim(),
});

/** Project files and what MSBuild imports by itself. */
export const nugetProject: Format = {
  what: "a .NET project",
  is: (_, name) => /\.(cs|fs|vb)proj$/.test(name) || /\.(props|targets)$/.test(name),
  read: (text, path) => {
    // Other programs have files of these names too.
    if (
      /\.(props|targets)$/i.test(path) &&
      !text
        .replace(/^\uFEFF/, "")
        .trimStart()
        .startsWith("<")
    )
      return [];
    const root = readXml(text);
    const filled = filler(root);
    const references = elementsOf(root, REFERENCES).flatMap(({ value }) =>
      [at(value, "Include"), at(value, "Update")].flatMap((names) =>
        filled(textOf(names) ?? "")
          .split(";")
          .filter((name) => name.trim() !== ""),
      ),
    );
    const sdks = elementsOf(root, new Set(["project", "sdk", "import"])).flatMap(({ name, value }) =>
      name === "sdk"
        ? (textOf(at(value, "Name")) ?? [])
        : (textOf(at(value, "Sdk")) ?? "")
            .split(";")
            .filter((one) => one.includes("/"))
            .map((one) => one.split("/")[0] ?? one),
    );
    return [...references.map((name) => nuget(name)), ...sdks.map((name) => nuget(name, "build"))];
  },
};

const LONGEST = 20_000;

/** Fills in properties that the same file sets, with every value that it gives them. */
function filler(root: object): (names: string) => string {
  const properties = Map.groupBy(
    elementsOf(root, new Set(["propertygroup"])).flatMap(({ value }) => entriesOf(value)),
    ([key]) => key.toLowerCase(),
  );
  return (names) => {
    const filled = names.replace(/\$\(([\w.]+)\)/g, (whole, key: string) => {
      const values = (properties.get(key.toLowerCase()) ?? [])
        .flatMap(([, value]) => someOf(value))
        .flatMap((value) => innerText(value) ?? []);
      return values.length > 0 ? values.join(";") : whole;
    });
    if (filled.length > LONGEST) throw new Error("a name is too long");
    return filled;
  };
}

export const packagesConfig: Format = {
  what: "a NuGet packages.config",
  is: (_, name) => /^packages(\..+)?\.config$/.test(name),
  read: (text) =>
    elementsOf(readXml(text), new Set(["package"])).flatMap(({ value }) => {
      const id = textOf(at(value, "id"));
      return id ? [nuget(id)] : [];
    }),
};

export const nugetLock: Format = {
  what: "a NuGet lockfile",
  is: (_, name) => /^packages(\..+)?\.lock\.json$/.test(name),
  lock: true,
  read: (text) =>
    entriesOf(at(readJson(text), "dependencies")).flatMap(([, framework]) =>
      entriesOf(framework)
        .filter(([, entry]) => at(entry, "type") !== "Project")
        .map(([name, entry]) => ({ ...nuget(name), direct: at(entry, "type") === "Direct" })),
    ),
};

export const nugetTools: Format = {
  what: "a .NET tool manifest",
  is: (_, name) => name === "dotnet-tools.json",
  read: (text) => entriesOf(at(readJsonc(text), "tools")).map(([name]) => nuget(name, "tool")),
};

export const nugetConfig: Format = {
  what: "NuGet settings",
  is: (_, name) => name === "nuget.config",
  read: (text) =>
    elementsOf(readXml(text), new Set(["packagesources"])).flatMap(({ value }) =>
      someOf(at(value, "add")).flatMap((one) => {
        const url = textOf(at(one, "value"));
        return url ? [registryEntry("nuget", url)] : [];
      }),
    ),
};

/** The MSBuild SDKs that global.json names. */
export const globalJson: Format = {
  what: "a .NET global.json",
  is: (_, name) => name === "global.json",
  read: (text) => entriesOf(at(readJsonc(text), "msbuild-sdks")).map(([name]) => nuget(name, "build")),
};
