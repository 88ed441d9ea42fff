import { archive, type Format, git, type Package, pathSource, registry, registryEntry, type Source } from "./format.ts";
import { readJson, readManifest } from "./json.ts";
import { at, entriesOf, listOf, textOf } from "./shape.ts";

/** PHP itself and its extensions are no packages. */
const PLATFORM = /^(php(-64bit|-ipv6|-zts|-debug)?|hhvm|(ext|lib)-.+|composer(-(plugin|runtime)-api)?)$/;

/** https://getcomposer.org/doc/04-schema.md */
export const composerManifest: Format = {
  what: "a Composer manifest",
  is: (_, name) => name === "composer.json",
  read: (text) => {
    const manifest = readManifest(text);
    const required = ["require", "require-dev"].flatMap((section) =>
      entriesOf(at(manifest, section))
        .filter(([name]) => !PLATFORM.test(name.toLowerCase()))
        .map(
          ([name]): Package => ({ ...php(name, registry), direct: true, ...(section === "require-dev" ? { role: "development" } : {}) }),
        ),
    );
    const repositories = at(manifest, "repositories");
    const registries = [...listOf(repositories), ...entriesOf(repositories).map(([, one]) => one)].flatMap((one) => {
      const url = textOf(at(one, "url"));
      const inline = textOf(at(one, "package", "name"));
      if (inline)
        return [php(inline, archive(textOf(at(one, "package", "dist", "url")) ?? textOf(at(one, "package", "source", "url")) ?? ""))];
      return url && at(one, "type") !== "path" ? [registryEntry("php", url)] : [];
    });
    return [...required, ...registries];
  },
};

export const composerLock: Format = {
  what: "a Composer lockfile",
  is: (_, name) => name === "composer.lock",
  lock: true,
  read: (text, path) => {
    const lock = readJson(text);
    if (!Array.isArray(at(lock, "packages"))) throw new Error("it lists no packages");
    return ["packages", "packages-dev"].flatMap((section) =>
      listOf(at(lock, section)).map((one): Package => {
        const name = textOf(at(one, "name"));
        if (!name) throw new Error("a package has no name");
        const address = textOf(at(one, "dist", "url"));
        return {
          ...php(name, sourceOf(one, path)),
          ...(address ? { address } : {}),
          ...(section === "packages-dev" ? { role: "development" } : {}),
        };
      }),
    );
  },
};

/** The archive is what is installed; the repository is what it is made from. */
function sourceOf(one: unknown, path: string): Source {
  const dist = textOf(at(one, "dist", "url"));
  if (dist && at(one, "dist", "type") === "path") return pathSource(dist, path);
  const source = dist ? archive(dist) : git(textOf(at(one, "source", "url")) ?? "");
  // Each package lies in a repository of its own: for a lockfile that is the registry's word.
  return source.kind === "place" ? { kind: "registry", at: source.at } : source;
}

const php = (name: string, source: Source): Package => ({ ecosystem: "php", name: name.toLowerCase(), source, written: name });
