/** P18: CODEOWNERS against another reading of GitHub's page, written to be obviously right instead of fast, and against git itself. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { x } from "tinyexec";
import { ownersOf, readOwners } from "../../app/gates/codeowners.ts";
import { seed } from "./seed.ts";

const FILES = 2_000;
const PATHS = 50;

/** A pattern covers a path when it fits the path or a folder that the path is in. */
function covers(pattern: string, path: string): boolean {
  const onlyFolders = pattern.endsWith("/");
  const body = onlyFolders ? pattern.slice(0, -1) : pattern;
  const anchored = body.includes("/");
  const wanted = body.replace(/^\//, "").split("/");
  // "The `docs/*` pattern will match files like `docs/getting-started.md` but not further nested files."
  const onlyFiles = anchored && !onlyFolders && wanted.at(-1) === "*";
  const names = path.split("/");
  return names.some((_, index) => {
    const isFile = index === names.length - 1;
    if ((onlyFolders && isFile) || (onlyFiles && !isFile)) return false;
    return fits(anchored ? wanted : ["**", ...wanted], names.slice(0, index + 1));
  });
}

function fits([wanted, ...more]: readonly string[], names: readonly string[]): boolean {
  const [name, ...others] = names;
  if (wanted === undefined) return name === undefined;
  if (wanted !== "**") return name !== undefined && nameFits(wanted, name) && fits(more, others);
  if (more.length === 0) return name !== undefined;
  return fits(more, names) || (name !== undefined && fits([wanted, ...more], others));
}

function nameFits(glob: string, name: string): boolean {
  if (glob === "") return name === "";
  if (glob.startsWith("*")) return nameFits(glob.slice(1), name) || (name !== "" && nameFits(glob, name.slice(1)));
  if (glob.startsWith("?")) return name !== "" && nameFits(glob.slice(1), name.slice(1));
  const literal = glob.startsWith("\\") ? glob.slice(1) : glob;
  return name.startsWith(literal.charAt(0)) && name !== "" && nameFits(literal.slice(1), name.slice(1));
}

/** Few names, so that patterns and paths meet; among them case, Unicode's normal forms, dots, spaces, and wildcards as they are. */
const name = fc.constantFrom(
  "a",
  "b",
  "A",
  "ab",
  "apps",
  "docs",
  "a.js",
  "b.ts",
  ".github",
  "x y",
  "\u00e9",
  "e\u0301",
  "a*b",
  "(a)",
  "a#",
  "@a",
);
const escaped = (text: string) => text.replace(/[ *?\\]/g, "\\$&");
const glob = fc.constantFrom("*", "*", "?", "*.js", "*.ts", "a*", "*b", "a?", "*a*", "?.*", ".*", "a**b", "\\*", "**b");
const segment = fc.oneof(
  { weight: 5, arbitrary: name.map(escaped) },
  { weight: 3, arbitrary: glob },
  { weight: 2, arbitrary: fc.constant("**") },
);
const pattern = fc
  .tuple(fc.constantFrom("", "", "/"), fc.array(segment, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "", "/"))
  .map(([before, segments, after]) => `${before}${segments.join("/")}${after}`);

const owners = fc.constantFrom("", "@a", "@acme/ops", "me@example.com", "@a @acme/ops", "@b\t@c");
const comment = fc.constantFrom("", "", " # why", "\t#@x", "  ");
const spaces = fc.constantFrom(" ", "  ", "\t");

interface Line {
  readonly text: string;
  readonly rule?: { readonly pattern: string; readonly owners: readonly string[] };
  /** What a line that is skipped for its faults was perhaps about. */
  readonly about?: readonly string[];
}
const rule: fc.Arbitrary<Line> = fc.tuple(pattern, spaces, owners, comment).map(([rulePattern, space, who, after]) => ({
  text: `${rulePattern}${space}${who}${after}`,
  rule: { pattern: rulePattern, owners: who.split(/\s/).filter(Boolean) },
}));
const skipped: fc.Arbitrary<Line> = fc.oneof(
  fc.constantFrom("", "# a", "  # a @b", "\t", "#* @b").map((text) => ({ text })),
  pattern.map((text) => ({ text: `!${text} @b`, about: [text] })),
  pattern.map((text) => ({ text: `${text}[ab] @b`, about: [`${text}a`, `${text}\\[ab\\]`] })),
  pattern.map((text) => ({ text: `\\#${text} @b`, about: [`\\#${text}`] })),
  fc
    .tuple(pattern, fc.constantFrom("b", "@", "@a/", "b@", "@b b", "@b@c"))
    .map(([text, who]) => ({ text: `${text} ${who}`, about: [text] })),
);
const line = fc.oneof({ weight: 6, arbitrary: rule }, { weight: 1, arbitrary: skipped });

/** A path that a pattern may cover: what stands for its wildcards is chosen, and then it is moved a little or not. */
const pathNear = (patterns: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record({
      pattern: fc.constantFrom("", ...patterns),
      folders: fc.array(fc.array(name, { maxLength: 2 }), { minLength: 5, maxLength: 5 }),
      some: fc.constantFrom("", "a", "b", "ab.js", ".ts"),
      before: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(name, { maxLength: 2 }) }),
      after: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(name, { maxLength: 2 }) }),
    })
    .map(({ pattern: near, folders, some, before, after }) => {
      const within = near.split("/").flatMap((part, index) => {
        if (part === "**") return folders[index % folders.length] ?? [];
        return part.replace(/\\(.)|\*|\?/g, (wildcard, literal?: string) => literal ?? (wildcard === "*" ? some : "a"));
      });
      return [...before, ...within, ...after].filter((part) => part !== "" && part !== ".").join("/") || "a";
    });

const file = fc
  .record({
    lines: fc.array(line, { maxLength: 10 }),
    end: fc.constantFrom("\n", "\r\n"),
    mark: fc.constantFrom("", "\ufeff"),
    last: fc.boolean(),
  })
  .chain(({ lines, end, mark, last }) =>
    fc.record({
      lines: fc.constant(lines),
      text: fc.constant(`${mark}${lines.map(({ text }) => text).join(end)}${last ? end : ""}`),
      paths: fc.array(pathNear(lines.flatMap((one) => one.about ?? one.rule?.pattern ?? [])), { minLength: PATHS, maxLength: PATHS }),
    }),
  );

test(`${FILES * PATHS} paths have the owners that GitHub's page gives them`, () => {
  const seen = { nobody: 0, one: 0, contested: 0, emptied: 0, touched: 0 };
  fc.assert(
    fc.property(file, ({ lines, text, paths }) => {
      const read = readOwners(text);
      const faulty = lines.flatMap(({ about }, index) => (about ? [{ line: index + 1, about }] : []));
      expect(read?.invalid.map((one) => one.line)).toEqual(faulty.map((one) => one.line));
      for (const path of paths) {
        for (const [nth, one] of read?.invalid.entries() ?? []) {
          const about = faulty[nth]?.about.some((one) => covers(one, path)) ?? true;
          if (about && !one.touches(path))
            throw new Error(`${JSON.stringify(path)} is touched by line ${one.line}, which says that it is not.`);
          seen.touched += about ? 1 : 0;
        }
        const covering = lines.flatMap((one, index) =>
          one.rule && covers(one.rule.pattern, path) ? [{ line: index + 1, ...one.rule }] : [],
        );
        const last = covering.at(-1);
        const found = read?.ruleFor(path);
        if (found?.line !== last?.line || found?.owners.join() !== last?.owners.join()) {
          throw new Error(
            `${JSON.stringify(path)} is decided by line ${found?.line ?? "none"}; the reference says ${last?.line ?? "none"}.`,
          );
        }
        seen[covering.length > 1 ? "contested" : covering.length === 1 ? "one" : "nobody"] += 1;
        if (last?.owners.length === 0) seen.emptied += 1;
      }
    }),
    { seed, numRuns: FILES },
  );
  // What is compared has to be worth comparing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan((FILES * PATHS) / 20);
}, 180_000);

test("a pattern covers what git would ignore by it, where GitHub's page makes no exception", async () => {
  const place = mkdtempSync(join(tmpdir(), "codeowners-"));
  try {
    await git(place, ["init", "--quiet"]);
    const [compared, hits] = [[] as string[], [] as string[]];
    // To git `docs/*` is also what is nested further, and `?` one byte.
    const asGit = pattern.filter((one) => !/\/\*$/.test(one));
    for (const one of fc.sample(asGit, { seed, numRuns: 120 })) {
      const paths = fc.sample(pathNear([one]), { seed, numRuns: 40 }).filter((path) => !/[^ -~]/.test(path));
      writeFileSync(join(place, ".git/info/exclude"), `${one}\n`);
      const ignored = await git(place, ["-c", "core.ignoreCase=false", "check-ignore", "--no-index", "--stdin", "-z"], paths.join("\0"));
      const covered = readOwners(`${one} @a`);
      for (const path of new Set(paths)) {
        const is = ownersOf(covered, path).length > 0;
        compared.push(path);
        if (is) hits.push(path);
        expect({ pattern: one, path, covers: is }).toEqual({ pattern: one, path, covers: ignored.split("\0").includes(path) });
      }
    }
    expect(hits.length).toBeGreaterThan(compared.length / 4);
    expect(hits.length).toBeLessThan(compared.length * 0.9);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}, 180_000);

const git = async (cwd: string, args: readonly string[], stdin?: string): Promise<string> => {
  const run = x("git", [...args], { nodeOptions: { cwd }, ...(stdin === undefined ? {} : { stdin }) });
  return (await run).stdout;
};

/** The example of the page, line by line. */
const page = `# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
/apps/github @doctocat`.split("\n");

const alone = (index: number) => page[index] ?? "";
const without = (...gone: readonly number[]) => page.filter((_, index) => !gone.includes(index)).join("\n");

test.each([
  ["the global owners own what nobody else does", without(), "src/deep/main.rs", "@global-owner1 @global-owner2"],
  ["a later match takes precedence over them", without(), "src/app.js", "@js-owner"],
  ["an email address owns", without(), "cmd/main.go", "docs@example.com"],
  ["a team owns", without(), "notes/a.txt", "@octo-org/octocats"],
  ["/build/logs/ is a folder at the root", alone(5), "build/logs/a/b.log", "@doctocat"],
  ["/build/logs/ is no folder elsewhere", alone(5), "src/build/logs/a.log", ""],
  ["docs/* is what lies in it", alone(6), "docs/getting-started.md", "docs@example.com"],
  ["docs/* is nothing that is nested further", alone(6), "docs/build-app/troubleshooting.md", ""],
  ["apps/ is a folder anywhere", alone(7), "deep/in/apps/a.ts", "@octocat"],
  ["/docs/ is a folder at the root and all below", alone(8), "docs/build-app/troubleshooting.md", "@doctocat"],
  ["/docs/ is no folder elsewhere", alone(8), "src/docs/a.md", ""],
  ["/scripts/ has two owners", alone(9), "scripts/run.sh", "@doctocat @octocat"],
  ["**/logs is /build/logs", alone(10), "build/logs/a.log", "@octocat"],
  ["**/logs is /scripts/logs", alone(10), "scripts/logs/a.log", "@octocat"],
  ["**/logs is /deeply/nested/logs", alone(10), "deeply/nested/logs/a/b.log", "@octocat"],
  ["**/logs stands after /build/logs/ and decides", without(), "build/logs/a.log", "@octocat"],
  ["/apps/ is a folder at the root", without(12, 13), "apps/web/a.ts", "@octocat"],
  ["/apps/github is left without owners", without(13), "apps/github/a.ts", ""],
  ["/apps/github takes nothing from its neighbours", without(13), "apps/web/a.ts", "@octocat"],
  ["/apps/github has an owner of its own", without(12), "apps/github/a.ts", "@doctocat"],
])("GitHub's example: %s", (_, text, path, owner) => {
  expect(ownersOf(readOwners(text), path).join(" ")).toBe(owner);
});

test.each(["\\#notes @a", "!docs/ @a", "[a-z].ts @a"])(
  "GitHub's exception: %s is skipped, and the rest of the file counts",
  (exception) => {
    const read = readOwners(`* @all\n${exception}`);
    expect(read?.rules).toHaveLength(1);
    expect(read?.invalid.map((one) => one.line)).toEqual([2]);
    expect(ownersOf(read, "docs/a.ts")).toEqual(["@all"]);
  },
);
