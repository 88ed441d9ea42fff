import { expect, test } from "@jest/globals";
import { called, goingRound, idle, noTrail, turned } from "../../agents/runtime/progress.ts";

/** What is made of the last of these calls. */
const after = (calls: string) => {
  const made = goingRound(calls.split("").reduce((trail, letter) => called(trail, `${letter} {}`), noTrail));
  return made && ("stuck" in made ? "stuck" : "nudge");
};

test.each([
  ["a first call", "A", undefined],
  ["the same call again", "AA", "nudge"],
  ["the same call a third time", "AAA", "stuck"],
  ["the same call with another between", "ABA", undefined],
  ["two that begin to take turns", "ABAB", "nudge"],
  ["two that take turns, told already", "ABABA", undefined],
  ["two that took turns three times", "ABABAB", "stuck"],
  ["two that took turns, after other work", "CDABABAB", "stuck"],
  ["turns that a third call broke", "ABABCABAB", "nudge"],
  ["turns that one call twice broke", "ABABBA", undefined],
  ["three that take turns", "ABCABCABC", undefined],
])("%s: %s", (_, calls, made) => {
  expect(after(calls)).toBe(made);
});

test("the sentence names the tools", () => {
  const trail = ["read a", "read a", "read a"].reduce(called, noTrail);
  expect(goingRound(trail)).toEqual({ stuck: "It called read 3 times in a row with the same input." });
  const pair = ["edit a", "bash b", "edit a", "bash b", "edit a", "bash b"].reduce(called, noTrail);
  expect(goingRound(pair)).toEqual({ stuck: "It called edit and bash in turns, each 3 times with the same input." });
});

test.each([
  ["a turn that changed something", ["a", "b"], 25, undefined],
  ["nineteen turns without a change", Array<string>(20).fill("a"), 25, undefined],
  ["twenty", Array<string>(21).fill("a"), 25, "nudge"],
  ["twenty-one: it was told", Array<string>(22).fill("a"), 25, undefined],
  ["twenty-five", Array<string>(26).fill("a"), 25, "stuck"],
  ["a change in between begins anew", [...Array<string>(20).fill("a"), ...Array<string>(20).fill("b")], 25, undefined],
  ["a bound so low that it is told at the first", ["a", "a"], 3, "nudge"],
])("%s", (_, marks, most, made) => {
  const found = idle(marks.reduce(turned, noTrail), most);
  expect(found && ("stuck" in found ? "stuck" : "nudge")).toBe(made);
});
