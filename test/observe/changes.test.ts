/** R11, F29: whatever a tree can hold is seen whole, and the same through GitHub's API and through git's own objects. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ChangedFile } from "../../app/domain/seen.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";
import { bothWays } from "./support/both-ways.ts";
import { openWith, readerOf, type Tree } from "./support/trees.ts";

const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(2_000)]);
const [one, other] = ["1".repeat(40), "2".repeat(40)];
const lines = (count: number, text = "x") => Array.from({ length: count }, (_, n) => `${text} ${n}\n`).join("");

const base: Tree = {
  "README.md": "# Till\n",
  "src/edit.ts": "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n",
  "src/auth/login.ts": lines(20),
  "copied.txt": lines(12, "copy"),
  "run.sh": "#!/bin/sh\necho hello\n",
  link: { mode: "120000", content: "src/edit.ts" },
  "becomes-a-link": "text\nmore\n",
  module: { mode: "160000", content: one },
  "image.png": png,
  "liar.png": "DROP TABLE users;\n",
  "binary.dat": Buffer.from([1, 0, 2]),
  "emptied.txt": "a\n",
  "filled.txt": "",
  "no-end.txt": "a\nb",
  "loses-end.txt": "a\nb\n",
  "crlf.txt": "a\r\nb\r\n",
  "mixed.txt": "a\r\nb\n",
  "latin.txt": Buffer.from("caf\xe9\nDROP\n", "latin1"),
  "bom.csproj": "\ufeff<Project>\n</Project>\n",
  "big.json": "x".repeat(500_001),
  "long.csv": lines(20_001),
  "large.txt": lines(15_000),
  ".gitattributes": "*.sql -diff\n*.ts binary\nsrc/generated.js linguist-generated\n",
  "hidden.sql": "SELECT 1;\n",
  "src/generated.js": "let a;\n",
  "asset.bin": lfs,
  ".gitmodules": '[submodule "module"]\n\tpath = module\n\turl = https://example.org/x.git\n\tignore = all\n',
  "doomed.txt": "last words\n",
  "swap-a.txt": lines(10, "a"),
  "swap-b.txt": lines(10, "b"),
};

const head: Tree = {
  ...base,
  "src/edit.ts": "one\nTWO\nthree\nfour\nfive\nsix\nseven\neight\nnine\n",
  "src/auth/login.ts": null as never,
  "src/profile/enter.ts": lines(20),
  "copy-of-it.txt": lines(12, "copy"),
  "run.sh": { mode: "100755", content: "#!/bin/sh\necho hello\n" },
  link: { mode: "120000", content: "/etc/passwd" },
  "becomes-a-link": { mode: "120000", content: "text" },
  module: { mode: "160000", content: other },
  "image.png": Buffer.concat([png, png]),
  "liar.png": "DROP TABLE users CASCADE;\n",
  "new.png": Buffer.from("\0\0 no image"),
  "binary.dat": Buffer.from([1, 0, 3]),
  "emptied.txt": "",
  "filled.txt": "b\n",
  "empty-new.txt": "",
  "no-end.txt": "a\nb\n",
  "loses-end.txt": "a\nb",
  "crlf.txt": "a\r\nB\r\n",
  "mixed.txt": "a\nb\n",
  "latin.txt": Buffer.from("caf\xe8\nDROP\n", "latin1"),
  "bom.csproj": "\ufeff<Project>\n<X/>\n</Project>\n",
  "big.json": "y".repeat(500_001),
  "long.csv": lines(20_002),
  "large.txt": `${lines(15_000)}DROP TABLE users;\n`,
  "hidden.sql": "DROP TABLE users;\n",
  "src/generated.js": "let b;\n",
  "asset.bin": lfs.replace("4d7a", "4d7b"),
  "doomed.txt": null as never,
  "swap-a.txt": lines(10, "b"),
  "swap-b.txt": lines(10, "a"),
  "caf\u00e9.txt": "composed\n",
  "cafe\u0301.txt": "decomposed\n",
  'quote "q".txt': "x\n",
  "line\nbreak.txt": "x\n",
  "-rf.txt": "x\n",
  "--output=x": "x\n",
  "back\\slash.txt": "x\n",
  "tab\t.txt": "x\n",
  ":(glob)*": "x\n",
  "diff --git a/x b/x": "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-y\n+z\n",
};

let world: SmallWorld;
let seen: ReadonlyMap<string, ChangedFile>;
let patchless: readonly string[];

beforeAll(async () => {
  world = await smallWorld();
  const kept = Object.fromEntries(Object.entries(head).filter(([, leaf]) => leaf !== null));
  const pr = await openWith(world, "hard", base, kept);
  seen = await bothWays(readerOf(world), pr);
  const listed = await world.bob.rest.pulls.listFiles({ ...till, pull_number: pr.number, per_page: 100 });
  patchless = listed.data.filter(({ patch }) => patch === undefined).map(({ filename }) => filename);
});
afterAll(() => world.close());

const numbered = (lines: ChangedFile["added"]) => lines.map(({ line, text }) => `${line} ${text}`);
const shown = (path: string) => {
  const { added = [], removed = [], ...rest } = seen.get(path) ?? {};
  return { ...rest, added: numbered(added), removed: numbered(removed) };
};

test("every file that differs is there, and no other", () => {
  const differs = Object.keys({ ...base, ...head }).filter((path) => JSON.stringify(base[path]) !== JSON.stringify(head[path]));
  expect([...seen.keys()].toSorted()).toEqual(differs.toSorted());
});

test.each([
  ["an edit", "src/edit.ts", ["2 TWO", "9 nine"], ["2 two"]],
  ["a file that git is told to call binary", "hidden.sql", ["1 DROP TABLE users;"], ["1 SELECT 1;"]],
  ["a generated file", "src/generated.js", ["1 let b;"], ["1 let a;"]],
  ["a line at the end of a long file", "large.txt", ["15001 DROP TABLE users;"], []],
  ["a last line that gets an end", "no-end.txt", ["2 b"], ["2 b"]],
  ["a last line that loses its end", "loses-end.txt", ["2 b"], ["2 b"]],
  ["Windows line ends", "crlf.txt", ["2 B\r"], ["2 b\r"]],
  ["a line end that changes its kind", "mixed.txt", ["1 a"], ["1 a\r"]],
  ["a text that is not UTF-8", "latin.txt", ["1 café".replace("é", "è")], ["1 café"]],
  ["a text with a byte order mark", "bom.csproj", ["2 <X/>"], []],
  ["an emptied file", "emptied.txt", [], ["1 a"]],
  ["a filled file", "filled.txt", ["1 b"], []],
  ["a deleted file", "doomed.txt", [], ["1 last words"]],
  ["a link that leads elsewhere", "link", ["1 /etc/passwd"], ["1 src/edit.ts"]],
  ["a file that becomes a link", "becomes-a-link", ["1 text"], ["1 text", "2 more"]],
  ["text under an image's name", "liar.png", ["1 DROP TABLE users CASCADE;"], ["1 DROP TABLE users;"]],
])("%s shows its lines", (_, path, added, removed) => {
  expect(shown(path)).toMatchObject({ added, removed });
  expect(shown(path)).not.toHaveProperty("unreadable");
});

test.each([
  ["a submodule", "module", "a submodule"],
  ["a pointer to Git LFS", "asset.bin", "a pointer to Git LFS"],
  ["a large file", "big.json", "larger than 500 KB"],
  ["a file of very many lines", "long.csv", "more than 20,000 lines"],
  ["a binary file", "binary.dat", "binary"],
  ["no image under an image's name", "new.png", "binary"],
])("%s is not read, and says so", (_, path, unreadable) => {
  expect(shown(path)).toMatchObject({ unreadable, added: [], removed: [] });
  expect(shown(path)).not.toHaveProperty("media");
  expect(shown(path)).not.toHaveProperty("head");
});

test("what GitHub leaves out of its patches is compared here", () => {
  expect(patchless).toEqual(expect.arrayContaining(["hidden.sql", "src/edit.ts", "becomes-a-link"]));
});

test("an image by its first bytes and by its name is media", () => {
  expect(shown("image.png")).toMatchObject({ media: "a PNG image", unreadable: "binary" });
});

test("a rename is two changes: the old name loses every line, the new one gets them", () => {
  expect(shown("src/auth/login.ts")).toMatchObject({
    previousMode: "100644",
    removed: numbered(seen.get("src/auth/login.ts")?.removed ?? []),
    added: [],
  });
  expect(seen.get("src/auth/login.ts")?.removed).toHaveLength(20);
  expect(seen.get("src/profile/enter.ts")).toMatchObject({ mode: "100644", previousPath: "src/auth/login.ts", removed: [] });
  expect(seen.get("src/profile/enter.ts")?.added).toHaveLength(20);
});

test("a copy comes with all its lines", () => {
  expect(seen.get("copy-of-it.txt")?.added).toHaveLength(12);
});

test("two files that swap their names are two edits", () => {
  expect(seen.get("swap-a.txt")).toMatchObject({ base: base["swap-a.txt"], head: base["swap-b.txt"] });
});

test("modes tell of a link, a submodule and a file that may be run", () => {
  expect(shown("run.sh")).toEqual({
    ...{ path: "run.sh", previousMode: "100644", mode: "100755", added: [], removed: [] },
    ...{ base: base["run.sh"], head: base["run.sh"] },
  });
  expect(shown("module")).toMatchObject({ previousMode: "160000", mode: "160000" });
  expect(shown("becomes-a-link")).toMatchObject({ previousMode: "100644", mode: "120000", head: "text" });
});

test("names come as they are, whatever stands in them", () => {
  for (const path of [
    "caf\u00e9.txt",
    "cafe\u0301.txt",
    'quote "q".txt',
    "line\nbreak.txt",
    "-rf.txt",
    "--output=x",
    "back\\slash.txt",
    "tab\t.txt",
    ":(glob)*",
  ])
    expect(seen.get(path)).toMatchObject({
      mode: "100644",
      head: expect.stringMatching(/^(x|composed|decomposed)\n$/),
    });
});

test("a text that looks like a patch is only text", () => {
  expect(shown("diff --git a/x b/x").added).toEqual(["1 diff --git a/x b/x", "2 --- a/x", "3 +++ b/x", "4 @@ -1 +1 @@", "5 -y", "6 +z"]);
});

test("all of it agrees with GitHub's own description", () => {
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
