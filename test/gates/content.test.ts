import { expect, test } from "@jest/globals";
import { changedHits, stretchesOf } from "../../app/gates/content/changed.ts";
import { partsAround } from "../../app/gates/content/parts.ts";
import { pickerOf } from "../../app/gates/content/vocabulary.ts";
import { eachOf, wordFinder } from "../../app/gates/content/words.ts";
import { deletion } from "../../app/gates/deletion.ts";
import type { Change, Line } from "../../app/gates/gate.ts";
import { builtIn } from "../../app/gates/index.ts";
import { added, edited } from "../../bench/gates/change.ts";
import { readCorpus } from "../../bench/gates/score.ts";

const lines = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `line ${index + 1}`);
const matcher = (pattern: RegExp) => ({
  find: (text: string) => Array.from(text.matchAll(pattern), ({ 0: found, index }) => [index, index + found.length] as const),
});
const hits = (change: Change, pattern: RegExp) =>
  changedHits(change, [matcher(pattern)]).map(({ line, removed, text }) => [line, removed, text]);
/** A file of 300 lines of which some are new. */
const grown = (...numbers: readonly number[]): Change => ({
  path: "a.txt",
  mode: "100644",
  previousMode: "100644",
  base: "",
  head: lines(300).join("\n"),
  added: numbers.map((line): Line => ({ line, text: `line ${line}` })),
  removed: [],
});

test("only lines near a changed one are looked at, those of one run together", () => {
  const texts = stretchesOf(grown(50, 130, 131, 250)).map(({ text }) => text.split("\n"));
  expect(texts.map((text) => [text[0], text.at(-1)])).toEqual([
    ["line 10", "line 171"],
    ["line 210", "line 290"],
  ]);
});

test("lines that are told in another order, or that the file does not have, change nothing", () => {
  expect(stretchesOf(grown(250, 50, 999)).map(({ text }) => text)).toEqual(stretchesOf(grown(50, 250)).map(({ text }) => text));
});

test("a match counts for the first changed line that it touches, and not where it touches none", () => {
  expect(hits(grown(50, 52), /line 49\nline 50/g)).toEqual([[50, false, "line 49 line 50"]]);
  expect(hits(grown(50, 52), /line 51\n/g)).toEqual([]);
  expect(hits(grown(50, 52), /line 50\nline 51\nline 52/g)).toEqual([[50, false, "line 50 line 51 line 52"]]);
  expect(hits(grown(1, 300), /line (?:1|300)$/gm)).toEqual([
    [1, false, "line 1"],
    [300, false, "line 300"],
  ]);
});

test("what is known only by its changed lines has their numbers, on both sides", () => {
  const change: Change = {
    path: "a.txt",
    mode: "100644",
    added: [
      { line: 7, text: "create" },
      { line: 9, text: "table" },
    ],
    removed: [{ line: 3, text: "table" }],
  };
  expect(hits(change, /create\ntable|table/g)).toEqual([
    [7, false, "create table"],
    [3, true, "table"],
  ]);
});

test("words are found in any case, within and over each other, and with any white space for a space", () => {
  const find = wordFinder(["drop", "dropdb", "pdb", "drop table"]);
  expect([...find("DropDB")]).toEqual([
    ["drop", [{ from: 0, to: 0 }]],
    ["dropdb", [{ from: 0, to: 0 }]],
    ["pdb", [{ from: 3, to: 3 }]],
  ]);
  for (const space of ["\n", "\t", "\u00a0", "\u2028", "\u3000"])
    expect([...find(`é drop${space}table`).keys()]).toEqual(["drop", "drop table"]);
  expect(find("dro p").size).toBe(0);
});

test("a word is found where one piece of a long text ends and the next begins", () => {
  const find = wordFinder(["needle"]);
  for (const before of [65_530, 65_533, 65_536])
    expect(find(`${" ".repeat(before)}needle`).get("needle")).toEqual([{ from: before, to: before }]);
});

test("a word that could never be found is refused", () => {
  expect(() => wordFinder(["Drop"])).toThrow('The word "Drop" cannot be looked for: write it in lower case and in ASCII.');
  expect(() => pickerOf([{ words: ["xyzzy"], pattern: /xyzzy/g }])).toThrow('No gate finds the word "xyzzy"');
});

test("parts reach around each place of a word, and are one where they touch", () => {
  const text = `${"a".repeat(1_000)}word${"b".repeat(2_000)}word${"c".repeat(100)}word`;
  const parts = partsAround(text, wordFinder(["word"])(text), { words: ["word"], pattern: /word/g, reach: 200 });
  expect(parts.map(({ from, text: part }) => [from, from + part.length])).toEqual([
    [800, 1_200],
    [2_804, 3_112],
  ]);
});

test("letters that take more room in lower case do not move what is behind them out of sight", () => {
  const change = added("src/a.txt", `${"\u0130".repeat(3_000)}\n${"select 1;\n".repeat(50)}delete from users;\n`);
  expect(deletion.raisedBy([change], {})).toMatchObject([{ line: 52 }]);
});

test("a gate says the same whichever gate has seen a change before", async () => {
  const changes = (await readCorpus()).flatMap((one) => one.changes);
  const said = (order: typeof builtIn, seen: readonly Change[]) =>
    order.map((gate) => [gate.name, gate.raisedBy(seen, {})] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const alone = builtIn.map(
    (gate) =>
      [
        gate.name,
        gate.raisedBy(
          changes.map((change) => ({ ...change })),
          {},
        ),
      ] as const,
  );
  const [copy, other] = [changes.map((change) => ({ ...change })), changes.map((change) => ({ ...change }))];
  expect(said(builtIn, copy)).toEqual(said(builtIn.toReversed(), other));
  expect(said(builtIn, copy)).toEqual(alone.toSorted(([a], [b]) => (a < b ? -1 : 1)));
});

test("words put together are one of each", () => {
  expect(eachOf(["a", "b"], ["1", "2"])).toEqual(["a1", "a2", "b1", "b2"]);
});

test("an edited file is looked at on both sides", () => {
  expect(hits(edited("a.txt", "one\ntwo", "one\nthree"), /t\w+/g)).toEqual([
    [2, false, "three"],
    [2, true, "two"],
  ]);
});
