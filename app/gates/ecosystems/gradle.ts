import { parse } from "smol-toml";
import { type Format, type Package, place, registry, registryEntry } from "./format.ts";
import { at, entriesOf, textOf } from "./shape.ts";

const COORDINATES = /(["'])([A-Za-z][\w.$\-{}]*):([A-Za-z_$][\w.$\-{}]*)(?::[^"'\n]*)?\1/g;
const NAMED = /\bgroup[\s:=]*(["'])([^"'\n]+)\1[\s,]*name[\s:=]*(["'])([^"'\n]+)\3/g;
const PLUGIN =
  /\bid[\s(]*(["'])([\w-]+\.[\w.-]+)\1|\bkotlin[\s(]*"([\w.-]+)"[\s)]*version|\bapply[\s(]*plugin[\s:=]*(["'])([\w-]+\.[\w.-]+)\4/g;
const KOTLIN = /^[ \t]*\w+[\s(]+kotlin[\s(]*"([\w.-]+)"/gm;
const FILES = /\b(?:files|fileTree)[\s(]*(?:dir[\s:=]*|mapOf[\s(]*"dir"\s*to\s*)?(["'])([^"'\n]+)\1/g;
const URL = /\b(?:url|setUrl|maven|ivy)[\s=({]*(?:uri[\s(]*)?(["'])(https?:\/\/[^"'\n]+)\1/g;

/** A program, not data: what it quotes as coordinates, plugins, files and registries. */
export const gradleBuild: Format = {
  what: "a Gradle build",
  is: (_, name) => /\.gradle(\.kts)?$/.test(name),
  read: (text) => {
    const plain = text.replace(/^[ \t]*\/\/.*$/gm, "");
    return [
      ...[...plain.matchAll(COORDINATES)].filter(isArtifact).map(([, , group = "", name = ""]) => artifact(group, name)),
      ...[...plain.matchAll(NAMED)].map(([, , group = "", , name = ""]) => artifact(group, name)),
      ...[...plain.matchAll(PLUGIN)].map(([, , id, kotlin, , applied]) => plugin(id ?? applied ?? `org.jetbrains.kotlin.${kotlin}`)),
      ...[...plain.matchAll(KOTLIN)].map(([, name = ""]) => ({ ...artifact("org.jetbrains.kotlin", `kotlin-${name}`), written: name })),
      ...[...plain.matchAll(FILES)].map(([, , path = ""]) => ({ ...artifact("files", path), source: place(path), written: path })),
      ...[...plain.matchAll(URL)].map(([, , url = ""]) => registryEntry("maven", url)),
    ];
  },
};

/** `localhost:test` is no artifact: a group without a dot counts where a version follows, or a build word stands before. */
const isArtifact = (match: RegExpExecArray): boolean => {
  const [whole, , group = ""] = match;
  if (group.includes(".") || group.includes("$")) return true;
  const before = match.input.slice(Math.max(0, match.index - 60), match.index);
  return (
    whole.split(":").length > 2 ||
    /\b(\w*implementation|\w*api|\w*only|kapt\w*|ksp\w*|classpath|\w*processor|platform|compile|testcompile)\s*\(?\s*$/i.test(before)
  );
};

const artifact = (group: string, name: string): Package => ({
  ecosystem: "maven",
  name: `${group}:${name}`,
  source: registry,
  direct: true,
  written: group.includes("$") ? name : `${group}:${name}`,
});

const plugin = (id: string): Package => ({ ecosystem: "gradle", name: id, source: registry, direct: true, written: id });

/** A version catalog: https://docs.gradle.org/current/userguide/version_catalogs.html */
export const gradleCatalog: Format = {
  what: "a Gradle version catalog",
  is: (_, name) => name.endsWith(".versions.toml"),
  read: (text) => {
    const file = parse(text);
    const libraries = entriesOf(at(file, "libraries")).map(([alias, entry]): Package => {
      const [group = "", name = ""] = (
        textOf(entry) ??
        textOf(at(entry, "module")) ??
        `${textOf(at(entry, "group"))}:${textOf(at(entry, "name"))}`
      ).split(":");
      return { ...artifact(group, name), written: alias };
    });
    const plugins = entriesOf(at(file, "plugins")).map(([alias, entry]) => ({
      ...plugin(textOf(entry)?.split(":")[0] ?? textOf(at(entry, "id")) ?? alias),
      written: alias,
    }));
    return [...libraries, ...plugins];
  },
};

export const gradleLock: Format = {
  what: "a Gradle lockfile",
  is: (_, name) => name === "gradle.lockfile" || name.endsWith(".gradle.lockfile") || name === "buildscript-gradle.lockfile",
  lock: true,
  read: (text) =>
    text.split(/\r?\n/).flatMap((line): readonly Package[] => {
      if (line.trim() === "" || line.startsWith("#") || line.startsWith("empty=")) return [];
      const [, group, name] = /^([^:=]+):([^:=]+):[^=]+=/.exec(line) ?? [];
      if (!group || !name) throw new Error("a line is no artifact");
      const { direct: _, ...one } = artifact(group, name);
      return [one];
    }),
};

/** Where Gradle itself is fetched from. */
export const gradleWrapper: Format = {
  what: "a Gradle wrapper's settings",
  is: (_, name) => name === "gradle-wrapper.properties",
  read: (text) =>
    [...text.matchAll(/^distributionUrl[ \t]*[=:][ \t]*(\S+)\/[^/\s]*$/gm)].map(([, url = ""]) =>
      registryEntry("gradle", url.replaceAll("\\:", ":")),
    ),
};
