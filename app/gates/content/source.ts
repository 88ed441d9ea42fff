/** What sort of file a path names, as far as that tells which words in it can run. */

import type { Change } from "../gate.ts";
import { isAscii } from "./ascii.ts";
import { onceFor } from "./once.ts";

export type Family =
  | "js"
  | "py"
  | "rb"
  | "jvm"
  | "net"
  | "go"
  | "php"
  | "rs"
  | "ex"
  | "swift"
  | "c"
  | "dart"
  | "shell"
  | "data"
  | "sql"
  | "style"
  | "page";

export interface Source {
  /** Of a file by its extension; absent where the extension says nothing: then everything may be in it. */
  readonly family: Family | undefined;
  /** A page of documentation: its prose and its examples do not run. */
  readonly docs: boolean;
  /** Texts that people read, such as translations. */
  readonly words: boolean;
  /** A test, or what only tests use. */
  readonly test: boolean;
}

const EXTENSIONS: readonly (readonly [Family, string])[] = [
  ["js", "js jsx ts tsx mjs cjs mts cts vue svelte astro"],
  ["py", "py pyi pyw"],
  ["rb", "rb rake erb ru gemspec"],
  ["jvm", "java kt kts scala groovy gradle"],
  ["net", "cs fs vb cshtml razor"],
  ["go", "go"],
  ["php", "php phtml"],
  ["rs", "rs"],
  ["ex", "ex exs"],
  ["swift", "swift m mm"],
  ["c", "c h cc cpp cxx hpp"],
  ["dart", "dart"],
  ["shell", "sh bash zsh fish ps1 psm1 bat cmd mk"],
  ["data", "json jsonc json5 yaml yml toml tf tfvars hcl xml properties ini conf cfg"],
  ["sql", "sql cql ddl psql"],
  ["style", "css scss sass less styl"],
  ["page", "html htm svg hbs ejs njk liquid"],
];
const FAMILIES = new Map<string, Family>(EXTENSIONS.flatMap(([family, names]) => names.split(" ").map((name) => [name, family] as const)));
const DOCS = /\.(?:md|mdx|markdown|rst|adoc|asciidoc)$|(?:^|\/)(?:readme|changelog|license|notice|contributing|authors)(?:\.txt)?$/;
const WORDS = /(?:^|\/)(?:locales?|i18n|l10n|lang|translations?)\/|\.(?:csv|tsv|po|pot|arb|xliff|xlf|resx|strings|ftl)$/;
const TEST =
  /(?:^|\/)(?:tests?|specs?|__tests__|__mocks__|e2e|cypress|testdata)\/|[._-](?:test|spec|e2e)\.\w+$|_test\.\w+$|_spec\.rb$|(?:^|\/)(?:test_[^/]*|conftest)\.py$|tests?\.(?:java|kt|cs|php|swift)$/;
const MAKE = /(?:^|\/)(?:makefile|dockerfile|containerfile|justfile|procfile|crontab|jenkinsfile)(?:\.[^/]*)?$/;
const RUBY = /(?:^|\/)(?:rakefile|gemfile|capfile|guardfile)$/;

/** A path as gates compare it: without case and normal form. */
export const plainPath = (path: string): string => (isAscii(path) ? path : path.normalize("NFKC")).toLowerCase();

export const sourceOf: (change: Change) => Source = onceFor(({ path }: Change) => {
  const plain = plainPath(path);
  const family = MAKE.test(plain) ? "shell" : RUBY.test(plain) ? "rb" : FAMILIES.get(plain.slice(plain.lastIndexOf(".") + 1));
  return { family, docs: DOCS.test(plain), words: WORDS.test(plain), test: TEST.test(plain) };
});

const SLASHES: readonly (Family | undefined)[] = ["js", "jvm", "net", "go", "php", "rs", "swift", "c", "dart", "style"];
const HASHES: readonly (Family | undefined)[] = ["py", "rb", "php", "ex", "shell", "data"];
/** Beyond this a line is nobody's comment; it bounds the work on a hostile one. */
const LONGEST_LINE = 1000;

/** Whether a place is in a comment that cannot run. A mark within a literal begins none, and a comment with a quote or an end of statement in it is not trusted. */
export function isComment(text: string, offset: number, family: Family | undefined): boolean {
  const near = text.slice(Math.max(0, offset - LONGEST_LINE), offset);
  const start = near.lastIndexOf("\n") + 1;
  if (start === 0 && offset > LONGEST_LINE) return false;
  const before = near.slice(start);
  const mark = markIn(before, family);
  return mark >= 0 && !/["'`;]/.test(before.slice(mark));
}

function markIn(before: string, family: Family | undefined): number {
  const slashes = SLASHES.includes(family);
  if (slashes && /^\s*\*(?=\s)[^()]*$/.test(before)) return 0;
  let quote = "";
  for (let at = 0; at < before.length; at++) {
    const one = before.charAt(at);
    if (quote) {
      if (one === "\\") at++;
      else if (one === quote) quote = "";
    } else if (one === '"' || one === "'" || one === "`") quote = one;
    else if (slashes && (before.startsWith("//", at) || (before.startsWith("/*", at) && !before.includes("*/", at)))) return at;
    else if (one === "#" && HASHES.includes(family) && /^\s*$|\s$/.test(before.slice(0, at)) && /^#[\s#]/.test(before.slice(at, at + 2)))
      return at;
    else if (family === "sql" && before.startsWith("--", at)) return at;
  }
  return -1;
}

/** A page without what stands in its fences: examples are shown there, not run. */
export const outsideFences = (lines: readonly string[]): readonly string[] => {
  let fence = "";
  return lines.map((line) => {
    const mark = /^\s{0,3}(`{3,}|~{3,}|-{4,}\s*$)/.exec(line)?.[1]?.trim() ?? "";
    if (!fence && mark) fence = mark;
    else if (fence && mark.startsWith(fence)) fence = "";
    else if (!fence) return line;
    return "";
  });
};
