/** The goals of `npm run bench:gates`, so that a gate that gets worse does not get in. */
import { expect, test } from "@jest/globals";
import { readCorpus, type Score, scoresOf, shortfalls } from "../../bench/gates/score.ts";

const corpus = await readCorpus();

test("every gate has the precision and the recall it has to have, and nothing gets past one", () => {
  expect(shortfalls(corpus, scoresOf(corpus))).toEqual([]);
});

test("at least a quarter of each gate's cases raises it, and at least a quarter does not", () => {
  for (const [, cases] of Map.groupBy(corpus, ({ gate }) => gate)) {
    const hits = cases.filter(({ raises }) => raises).length;
    expect(Math.min(hits, cases.length - hits) * 4).toBeGreaterThanOrEqual(cases.length);
  }
});

test("a gate below its goals is named with what it got wrong", () => {
  const poor: Score = {
    gate: "auth",
    cases: 9,
    precision: 0.9,
    recall: 0.5,
    falseAlarms: [],
    misses: [],
    adversarialMisses: ["a trick"],
    others: {},
  };
  const [first] = corpus;
  expect(shortfalls(first ? [first, first] : [], [poor])).toEqual([
    "the corpus has 2 changes, and needs 200",
    `the corpus has two changes called "${first?.gate}: ${first?.name}"`,
    "auth has a precision of 0.900",
    "auth has a recall of 0.500",
    "auth is got past by: a trick",
  ]);
});
