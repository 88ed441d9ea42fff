import { type Format, local, type Package, place, registry, registryEntry } from "./format.ts";
import { at, entriesOf } from "./shape.ts";
import { elementsOf, innerText, readXml } from "./xml.ts";

const PARTS = new Set(["dependency", "plugin", "parent", "extension", "annotationprocessorpath", "path"]);
const REGISTRIES = new Set(["repository", "pluginrepository"]);
const ROLES: Readonly<Record<string, string>> = {
  plugin: "plugin",
  parent: "parent",
  extension: "extension",
  annotationprocessorpath: "annotation processor",
  path: "annotation processor",
};

const LONGEST = 2_000;

/** Dependencies, managed ones, plugins and what they need, extensions and the parent, also of profiles: https://maven.apache.org/pom.html */
export const maven: Format = {
  what: "a Maven project",
  is: (path, name) => name === "pom.xml" || name.endsWith(".pom") || /(^|\/)\.mvn\/extensions\.xml$/.test(path),
  read: (text) => {
    const root = readXml(text);
    const project = at(root, "project") ?? at(root, "extensions");
    if (project === undefined) throw new Error("it has no project");
    const group = innerText(at(project, "groupId")) ?? innerText(at(project, "parent", "groupId")) ?? "";
    const properties = new Map<string, string>([
      ...entriesOf(at(project, "properties")).flatMap(([key, value]) =>
        innerText(value) === undefined ? [] : [[key, innerText(value) ?? ""] as const],
      ),
      ["project.groupId", group],
      ["pom.groupId", group],
      ["groupId", group],
    ]);
    const once = (value: string): string => value.replace(/\$\{([^{}]*)\}/g, (whole, key: string) => properties.get(key) ?? whole);
    const filled = (value: string): string => {
      const first = once(value);
      if (first.length > LONGEST) throw new Error("a name is too long");
      return once(first);
    };
    const artifacts = elementsOf(root, PARTS).flatMap(({ name, value }): readonly Package[] => {
      const artifact = innerText(at(value, "artifactId"));
      if (artifact === undefined) return [];
      const groupId = innerText(at(value, "groupId")) ?? (name === "plugin" ? "org.apache.maven.plugins" : "");
      const file = innerText(at(value, "systemPath"));
      const scope = innerText(at(value, "scope"));
      const role = ROLES[name] ?? (scope === "test" ? "test" : undefined);
      return [
        {
          ecosystem: "maven",
          name: `${filled(groupId)}:${filled(artifact)}`,
          source: file ? place(`file:${file}`) : registry,
          direct: true,
          ...(role ? { role } : {}),
          written: artifact,
        },
      ];
    });
    const registries = elementsOf(root, REGISTRIES).flatMap(({ parent, value }) => {
      const url = innerText(at(value, "url"));
      // Where the project itself is published to is no source.
      return url && parent !== "distributionmanagement" ? [registryEntry("maven", filled(url))] : [];
    });
    return [
      ...artifacts,
      ...registries,
      ...(group ? [{ ecosystem: "maven" as const, name: group, source: local, own: true as const }] : []),
    ];
  },
};
