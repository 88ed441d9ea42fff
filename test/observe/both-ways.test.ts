/** Whatever two trees hold, GitHub's API and git's own objects come to the same changes, and those lead from one to the other. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ChangedFile } from "../../app/domain/seen.ts";
import { type SmallWorld, smallWorld } from "../world-github/small-world.ts";
import { bothWays } from "./support/both-ways.ts";
import { type Leaf, openWith, readerOf, type Tree } from "./support/trees.ts";

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

const name = fc.constantFrom(
  ...[
    "a.ts",
    "b.sql",
    "A.ts",
    "dir/a.ts",
    "dir/deep/c.md",
    "caf\u00e9",
    "cafe\u0301",
    "-x",
    'q"q',
    "l\nl",
    "back\\slash",
    ".gitattributes",
  ],
  ...["x.png", "y.lock", "\u{1f600}.txt", "tab\t", " space ", "dir.png/a", "z".repeat(200)],
);
const line = fc.constantFrom(
  "a",
  "b",
  "",
  "+c",
  "-d",
  "@@ -1 +1 @@",
  "\\ No newline at end of file",
  "--- a/x",
  "é",
  "\u2028",
  "\r",
  "a\r",
);
const text = fc.tuple(fc.array(line, { maxLength: 12 }), fc.boolean()).map(([lines, end]) => lines.join("\n") + (end ? "\n" : ""));
const content = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constant("*.sql -diff\n*.ts binary\n") },
);
const leaf = fc.oneof(
  { weight: 8, arbitrary: fc.record({ mode: fc.constantFrom("100644", "100755"), content }) },
  { weight: 1, arbitrary: fc.record({ mode: fc.constant("120000"), content: fc.constantFrom("a.ts", "../../etc/passwd") }) },
  { weight: 1, arbitrary: fc.record({ mode: fc.constant("160000"), content: fc.constantFrom("1".repeat(40), "2".repeat(40)) }) },
) as fc.Arbitrary<Leaf>;
const tree = fc.dictionary(name, leaf, { maxKeys: 10, noNullPrototype: true });

/** Applies what is said to have changed. */
function applied({ base = "", added, removed }: ChangedFile): readonly string[] {
  const gone = new Set(removed.map((one) => one.line));
  const left = base.split("\n").filter((_, index) => !gone.has(index + 1));
  for (const one of added) left.splice(one.line - 1, 0, one.text);
  return left;
}
const lines = (whole: string) => (whole.endsWith("\n") ? whole.slice(0, -1) : whole).split("\n");

test("both ways agree, and their lines make the head of the base", async () => {
  const reader = readerOf(world);
  let nth = 0;
  await fc.assert(
    fc.asyncProperty(tree, tree, async (base, head) => {
      nth += 1;
      const always: Tree = { "always.txt": `${nth}\n` };
      const pr = await openWith(world, `any-${nth}`, { ...base, "always.txt": "0\n" }, { ...base, ...head, ...always });
      for (const file of (await bothWays(reader, pr)).values()) {
        if (file.base === undefined || file.head === undefined || file.previousMode?.[0] !== file.mode?.[0]) continue;
        const whole = { ...file, base: file.base.endsWith("\n") ? file.base.slice(0, -1) : file.base };
        if (file.base !== "" && file.head !== "") expect(applied(whole)).toEqual(lines(file.head));
      }
    }),
    { numRuns: 12 },
  );
}, 180_000);
