import { type Format, local, type Package, pathSource, place, registry } from "./format.ts";

/** `require` and `replace`, one to a line or in a block: https://go.dev/ref/mod#go-mod-file */
export const goMod: Format = {
  what: "a Go module file",
  is: (_, name) => name === "go.mod" || name === "go.work" || (name.startsWith("go.") && name.endsWith(".mod")),
  read: (text, path) => {
    let block = "";
    return text.split(/\r?\n/).flatMap((line): readonly Package[] => {
      const [code = "", comment = ""] = line.split("//");
      const words = code.trim().split(/\s+/).map(unquoted);
      if (words[0] === "") return [];
      if (block && words[0] === ")") {
        block = "";
        return [];
      }
      if (!block && words.at(-1) === "(") {
        block = words[0] ?? "";
        return [];
      }
      const verb = block || (words.shift() ?? "");
      // `require(` is a block too.
      if (!block && verb.endsWith("(")) {
        block = verb.slice(0, -1);
        return [];
      }
      if (!VERBS.has(verb)) throw new Error("it has a line that no module file has");
      return stated(verb, words, /^\s*indirect\b/.test(comment), path);
    });
  },
};

const VERBS = new Set(["module", "go", "toolchain", "require", "replace", "exclude", "retract", "tool", "godebug", "use", "ignore"]);

const unquoted = (word: string): string => word.replace(/^["`](.*)["`]$/, "$1");

function stated(verb: string, words: readonly string[], indirect: boolean, path: string): readonly Package[] {
  const [name = ""] = words;
  if (verb === "module") return [{ ecosystem: "go", name, source: local, own: true }];
  if (verb === "require") return [{ ecosystem: "go", name, source: registry, direct: !indirect, written: name }];
  const arrow = words.indexOf("=>");
  const target = words[arrow + 1];
  if (verb !== "replace" || arrow < 0 || target === undefined) return [];
  const source = /^\.{0,2}\//.test(target) ? pathSource(target, path) : target === name ? registry : place(target);
  return [{ ecosystem: "go", name, source, role: "replaced", written: target }];
}

/** Names more modules than are built: it speaks only where go.mod is silent. */
export const goSum: Format = {
  what: "a Go checksum file",
  is: (_, name) => name === "go.sum" || name === "go.work.sum",
  lock: true,
  unless: (path) => path.replace(/sum$/, path.endsWith(".work.sum") ? "" : "mod").replace(/\.$/, ""),
  read: (text) => {
    const names = text.split(/\r?\n/).flatMap((line) => {
      const words = line.trim().split(/\s+/);
      if (words[0] === "") return [];
      if (words.length !== 3) throw new Error("a line is no checksum");
      return words[0] ?? [];
    });
    return [...new Set(names)].map((name) => ({ ecosystem: "go", name, source: registry, written: name }));
  },
};
