/** Changes as they come out of real projects, and as chance makes them; and what can be done to them without making them harmless. */
import fc from "fast-check";
import type { Change } from "../../app/gates/gate.ts";
import { added, deleted, edited } from "../../bench/gates/change.ts";
import { readCorpus } from "../../bench/gates/score.ts";

/** What belongs together: one labelled case of the corpus, or one file. */
export type Piece = readonly Change[];

const corpus: readonly Piece[] = (await readCorpus()).map(({ changes }) => changes);

const folders = ["src", "src/auth", "db/migrations", "lib", "pâtisserie", "deploy", "docs", ".github/workflows", "tests", "web/Login"];
const names = [
  "index.ts",
  "session.mjs",
  "0007_tip.sql",
  "package.json",
  "Dockerfile",
  "résumé.md",
  "notes.txt",
  "orders.py",
  "CODEOWNERS",
  "main.tf",
];
const lines = [
  "",
  "export const cents = 5;",
  "alter table tills add column tip integer;",
  "DELETE FROM orders",
  "  WHERE paid;",
  '{ "dependencies": { "left-pad": "1.3.0" } }',
  "FROM node:24",
  "s3.delete_bucket(Bucket=name)",
  "# nothing of interest",
  "import stripe",
  "const password = hash(text);",
  'resource "aws_s3_bucket" "receipts" {',
];

const path = fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...names)).map((parts) => parts.join("/"));
const text = fc.array(fc.constantFrom(...lines), { minLength: 1, maxLength: 5 }).map((all) => `${all.join("\n")}\n`);
const random: fc.Arbitrary<Piece> = fc
  .record({ path, before: fc.option(text), after: fc.option(text) })
  .map(({ path: at, before, after }) => [
    before === null ? added(at, after ?? "") : after === null ? deleted(at, before) : edited(at, before, after),
  ]);

export const piece: fc.Arbitrary<Piece> = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...corpus) }, random);

/** Names that git takes for one on some machines are of one file. */
export const nameOf = ({ path: at }: Change): string => at.normalize("NFC").toLowerCase();

/** Some pieces as one pull request: of each name there is one change. */
export const changes: fc.Arbitrary<readonly Change[]> = fc.oneof(
  { weight: 2, arbitrary: piece },
  fc
    .array(piece, { minLength: 2, maxLength: 3 })
    .map((pieces) => [...new Map(pieces.flat().map((change) => [nameOf(change), change])).values()]),
);

/** Those of the others that are about other files. */
export const besides = (own: readonly Change[], others: readonly Change[]): readonly Change[] => {
  const taken = new Set(own.map(nameOf));
  return others.filter((change) => !taken.has(nameOf(change)));
};

const numbered = (whole: string) => whole.split("\n").map((line, index) => ({ line: index + 1, text: line }));

/** Where the file was, and where it is now: two changes, as git has it. */
export function moved(change: Change, to: string): readonly Change[] {
  const { previousMode, mode, base, head, unreadable, media } = change;
  const why = { ...(unreadable === undefined ? {} : { unreadable }), ...(media === undefined ? {} : { media }) };
  const gone: Change = {
    ...{ path: change.path, added: [], removed: base === undefined ? change.removed : numbered(base), ...why },
    ...(previousMode === undefined ? {} : { previousMode }),
    ...(base === undefined ? {} : { base }),
  };
  const come: Change = {
    ...{ path: to, previousPath: change.path, added: head === undefined ? change.added : numbered(head), removed: [], ...why },
    ...(mode === undefined ? {} : { mode }),
    ...(head === undefined ? {} : { head }),
  };
  return [gone, come];
}

/** Nothing of it can be read. */
export const sealed = ({ base: _, head: __, media: ___, ...change }: Change): Change => ({
  ...change,
  ...{ added: [], removed: [], unreadable: "binary" },
});
