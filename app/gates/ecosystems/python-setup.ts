import type { Format, Package } from "./format.ts";
import { pythonPackage, requirement } from "./python-requirement.ts";

const REQUIRES = /\b(install_requires|setup_requires|tests_require|extras_require|requires)\s*(=|["']\s*:)\s*/g;

/** Each list is looked for in the whole file. */
const LARGEST = 200_000;
const MOST_LISTS = 20;

/** `install_requires`, `setup_requires`, `tests_require` and the extras of `setup.cfg`. */
export const setupCfg: Format = {
  what: "a Python setup.cfg",
  is: (_, name) => name === "setup.cfg",
  read: (text, path) => {
    let section = "";
    let inside = false;
    return text.split(/\r?\n/).flatMap((line): readonly Package[] => {
      const header = /^\[([^\]]*)\]/.exec(line)?.[1];
      if (header !== undefined) {
        section = header.trim();
        inside = false;
        return [];
      }
      const [, key, rest] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      if (key !== undefined) inside = section === "options.extras_require" || (section === "options" && /_requires?$/.test(key));
      else if (!/^\s/.test(line)) inside = false;
      const value = (key === undefined ? line : (rest ?? "")).replace(/(^|\s)#.*$/, "").trim();
      if (!inside || value === "" || value.startsWith("file:")) return [];
      const found = requirement(value, path);
      return found ? [found] : [];
    });
  },
};

/** A program, not data: what it quotes where it lists requirements counts, and so does a list that it computes in a new way. */
export const setupPy: Format = {
  what: "a Python setup.py",
  is: (_, name) => name === "setup.py",
  read: (text, path) => {
    if (text.length > LARGEST) throw new Error("it is too large");
    const plain = text.replace(/^[ \t]*#.*$/gm, "");
    return [...plain.matchAll(REQUIRES)].slice(0, MOST_LISTS).flatMap((match): readonly Package[] => {
      const start = match.index + match[0].length;
      const value = valueAt(plain, start);
      const lists = [value, ...variablesOf(value, plain)];
      const found = lists.flatMap((list) => quoted(list)).flatMap((one) => requirement(one, path) ?? []);
      return found.length > 0 || /^[[({]\s*[\])}]?$/.test(value) ? found : [computed(value)];
    });
  },
};

/** The values of variables that a list is made of. */
const variablesOf = (value: string, text: string): readonly string[] =>
  [...value.replace(/"[^"\n]*"|'[^'\n]*'/g, "").matchAll(/\b[A-Za-z_]\w*\b/g)]
    .slice(0, 20)
    .flatMap(([name]) =>
      [...text.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]*\\+?=[ \\t]*(?=[\\[({"'])`, "gm"))]
        .slice(0, 5)
        .map((match) => valueAt(text, match.index + match[0].length)),
    );

/** The expression from here to the comma or line end that closes it. */
function valueAt(text: string, start: number): string {
  let depth = 0;
  let quote = "";
  for (let index = start; index < text.length; index += 1) {
    const sign = text[index] ?? "";
    if (quote) {
      if (sign === "\\") index += 1;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'") quote = sign;
    else if ("[({".includes(sign)) depth += 1;
    else if ("])}".includes(sign)) depth -= 1;
    if (depth < 0 || (depth === 0 && !quote && (sign === "," || sign === "\n"))) return text.slice(start, index);
  }
  return text.slice(start);
}

/** What is quoted, without the keys of a mapping. */
const quoted = (text: string): readonly string[] =>
  [...text.matchAll(/(?:"([^"\n]*)"|'([^'\n]*)')(\s*:)?/g)].flatMap(([, double, single, key]) => (key ? [] : (double ?? single ?? "")));

const computed = (value: string): Package => ({
  ...pythonPackage(`computed ${value.replace(/\s+/g, "").replace(/"[^"]*"|'[^']*'/g, (text) => text.toLowerCase())}`),
  because: "computes its requirements in a new way that could not be read",
});
