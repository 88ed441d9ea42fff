import { expect, test } from "@jest/globals";
import { dependencies, newDependencies } from "../../app/gates/dependencies.ts";
import type { Change } from "../../app/gates/gate.ts";
import { added, deleted, edited, renamed } from "../../bench/gates/change.ts";
import { dependenciesCorpus } from "../../bench/gates/corpus/dependencies.ts";

const manifest = (dependencies: object, more: object = {}) => JSON.stringify({ name: "shop", dependencies, ...more }, null, 2);
const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages: { "": {}, ...packages } }, null, 2);
const from = (host: string, name: string) => ({ version: "1.0.0", resolved: `https://${host}/${name}/-/${name}-1.0.0.tgz` });
const said = (...changes: readonly Change[]) =>
  newDependencies(changes).map(({ path, line, because }) => `${path}:${line ?? ""} ${because}`);

test.each(dependenciesCorpus.map((one) => [one.raises ? "raises" : "passes", one.name, one] as const))("it %s when %s", (_, __, one) => {
  expect(dependencies.raisedBy(one.changes, {}).length > 0).toBe(one.raises);
});

test("says each labelled change once", () => {
  expect(new Set(dependenciesCorpus.map(({ name }) => name)).size).toBe(dependenciesCorpus.length);
});

test("tells a direct package once, with what the lockfile knows of it, and the transitive ones", () => {
  const changes = [
    edited(
      "package-lock.json",
      lock({}),
      lock({
        "": { devDependencies: { sharp: "1" } },
        "node_modules/sharp": { ...from("packages.example", "sharp"), hasInstallScript: true },
        "node_modules/color": from("packages.example", "color"),
      }),
    ),
    edited("package.json", manifest({}), manifest({}, { devDependencies: { sharp: "^1.0.0" } })),
  ];
  expect(said(...changes)).toEqual([
    "package.json:5 adds npm package sharp (direct, development) from the registry, has an install script",
    "package-lock.json:14 adds npm package color (transitive) from the registry",
  ]);
});

test("names the real package behind an alias", () => {
  expect(said(edited("package.json", manifest({ lodash: "^4" }), manifest({ lodash: "npm:lodahs@^4" })))).toEqual([
    "package.json:4 adds npm package lodahs under the name lodash (direct) from the registry",
  ]);
});

test("names the registry that a known package suddenly comes from", () => {
  const before = lock({ "node_modules/a": from("packages.example", "a"), "node_modules/b": from("packages.example", "b") });
  const after = lock({ "node_modules/a": from("packages.example", "a"), "node_modules/b": from("mirror.invalid", "b") });
  expect(said(edited("package-lock.json", before, after))).toEqual([
    "package-lock.json:11 takes npm package b (transitive) from the registry at https://mirror.invalid, where it did not come from before",
  ]);
});

test("every manifest that names a new package is a place to approve", () => {
  const changes = ["web", "api"].map((folder) => edited(`${folder}/package.json`, manifest({}), manifest({ zod: "^3" })));
  expect(newDependencies(changes).map(({ path }) => path)).toEqual(["api/package.json", "web/package.json"]);
});

test("keeps what may be secret in an address to itself", () => {
  const text = said(
    edited("package.json", manifest({}), manifest({ widget: "git+https://bot:hunter2@git.example/acme/widget.git?token=hunter2" })),
    edited(".npmrc", "", "registry=https://bot:hunter2@packages.example/npm/?key=hunter2\n"),
  ).join("\n");
  expect(text).toContain("git+https://git.example/acme/widget");
  expect(text).toContain("https://packages.example/npm");
  expect(text).not.toContain("hunter2");
});

test("says the same whatever the order of the files", () => {
  const changes = [
    edited("go.mod", "module a.example/a\n", "module a.example/a\nrequire b.example/b v1.0.0\n"),
    edited("Cargo.toml", "[dependencies]\n", '[dependencies]\nserde = "1"\n'),
    edited("package.json", manifest({}), manifest({ zod: "^3" })),
  ];
  expect(newDependencies(changes.toReversed())).toEqual(newDependencies(changes));
});

test("a package that only moves between files is known", () => {
  expect(said(...renamed("package.json", "web/package.json", manifest({ zod: "^3" })))).toEqual([]);
  expect(said(deleted("requirements.txt", "httpx==1\n"), added("pyproject.toml", '[project]\ndependencies = ["httpx"]\n'))).toEqual([]);
});

test("a lockfile that comes with the change does not vouch for a workspace package", () => {
  const linked = lock({ "node_modules/left-pad": { resolved: "packages/left-pad", link: true } });
  const asked = edited("web/package.json", manifest({}), manifest({ "left-pad": "^1" }));
  expect(said(asked, added("package-lock.json", linked))).toHaveLength(1);
  expect(said(asked, edited("package-lock.json", linked, `${linked}\n`))).toEqual([]);
});

test("a known package in a broken manifest of the merge base is new again", () => {
  expect(said(edited("package.json", "{", manifest({ zod: "^3" })))).toHaveLength(1);
});

test.each([
  ["cut off", { mode: "100644", unreadable: "too large" }, 1],
  ["missing on both sides", { mode: "100644" }, 1],
  ["a symbolic link", { mode: "120000", head: "../other/package.json" }, 1],
  ["a submodule", { mode: "160000" }, 2],
  ["deleted", { unreadable: "too large" }, 0],
])("a manifest that is %s", (_, more, reasons) => {
  expect(newDependencies([{ path: "Package.JSON", previousMode: "100644", added: [], removed: [], ...more }])).toHaveLength(reasons);
});

test.each([
  ["package.json", '{"dependencies":["left-pad"]}'],
  ["package.json", '{"dependencies":{"a":1}}'],
  ["package-lock.json", "[]"],
  ["pnpm-lock.yaml", "packages: {}\n"],
  ["yarn.lock", "# yarn lockfile v1\n<<<<<<< ours\n"],
  ["bun.lock", "{"],
  ["requirements.txt", "$PACKAGE\n"],
  ["poetry.lock", ""],
  ["Cargo.lock", "version = 3\n"],
  ["go.mod", "reqiure b.example/b v1\n"],
  ["go.sum", "b.example/b v1\n"],
  ["pom.xml", "<project><dependencies></project>"],
  ["gradle.lockfile", "something else\n"],
  ["Gemfile.lock", "GEM\n"],
  ["composer.lock", "{}"],
  [".github/workflows/ci.yml", "jobs: [}\n"],
  ["Chart.yaml", "dependencies:\n  - version: 1\n"],
])("%s of the head that is no such file asks a person", (path, head) => {
  const [evidence] = newDependencies([edited(path, "", head)]);
  expect(evidence?.because).toMatch(/^could not be read as a/);
});

const MEGABYTE = 1_000_000;
test.each([
  ["spaces", `${" ".repeat(MEGABYTE)}x`],
  ["slashes", `${"/".repeat(MEGABYTE)}x`],
  ["escaped quotes", `"${'\\"'.repeat(MEGABYTE / 2)}`],
  ["open brackets", "[".repeat(MEGABYTE)],
  ["open elements", "<a>".repeat(MEGABYTE / 3)],
  ["a long address", `{"dependencies":{"a":"git+https://${"@".repeat(MEGABYTE)}/"}}`],
  ["open lists of requirements", "install_requires=(".repeat(MEGABYTE / 18)],
  [
    "aliases that multiply",
    `a: &a [x,x]\n${Array.from({ length: 40 }, (_, nth) => `b${nth}: &b${nth} [*${nth ? `b${nth - 1}` : "a"},*${nth ? `b${nth - 1}` : "a"}]`).join("\n")}\n`,
  ],
])("a file of %s is read or refused in a moment", (_, text) => {
  const before = process.cpuUsage();
  const names = [
    "package.json",
    "bun.lock",
    "requirements.txt",
    "setup.py",
    "pom.xml",
    "build.gradle",
    "Gemfile",
    "Dockerfile",
    "pnpm-lock.yaml",
    "action.yml",
  ];
  for (const path of names) newDependencies([{ path, mode: "100644", head: text, added: [{ line: 1, text }], removed: [] }]);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
});
