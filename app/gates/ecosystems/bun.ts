import { type Format, publicUrl, registryAt } from "./format.ts";
import { readJsonc } from "./json.ts";
import { npmDescriptor } from "./npm-spec.ts";
import { at, entriesOf, listOf, textOf } from "./shape.ts";

const SECTIONS = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/** https://bun.com/docs/pm/lockfile */
export const bunLock: Format = {
  what: "a bun lockfile",
  is: (_, name) => name === "bun.lock",
  lock: true,
  read: (text, path) => {
    const lock = readJsonc(text);
    if (at(lock, "lockfileVersion") === undefined) throw new Error("it has no lockfileVersion");
    const direct = new Set(
      entriesOf(at(lock, "workspaces")).flatMap(([, one]) =>
        SECTIONS.flatMap((section) => entriesOf(at(one, section)).map(([name]) => name)),
      ),
    );
    return entriesOf(at(lock, "packages")).map(([key, entry]) => {
      const [descriptor, from] = listOf(entry);
      const found = npmDescriptor(textOf(descriptor) ?? key, path);
      const elsewhere = found.source.kind === "registry" ? textOf(from) : undefined;
      return {
        ...found,
        ...(elsewhere ? { source: registryAt(publicUrl(elsewhere)) } : {}),
        direct: direct.has(key),
        ...(direct.has(key) && key !== found.name ? { alias: key } : {}),
        written: key,
      };
    });
  },
};

/** The binary lockfile of older versions tells nobody what changed. */
export const bunBinary: Format = {
  what: "a bun lockfile",
  is: (_, name) => name === "bun.lockb",
  read: () => {
    throw new Error("it is binary");
  },
};
