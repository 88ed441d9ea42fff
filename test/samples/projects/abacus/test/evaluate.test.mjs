import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "../src/evaluate.mjs";

test("strong operators come first", () => {
  assert.equal(evaluate("2 + 3 * 4"), 14);
  assert.equal(evaluate("2 * 3 ^ 2"), 18);
});

test("brackets come before all", () => {
  assert.equal(evaluate("(2 + 3) * 4"), 20);
});

test("what is no expression is refused", () => {
  assert.throws(() => evaluate("2 +"), SyntaxError);
  assert.throws(() => evaluate("(2"), SyntaxError);
});
