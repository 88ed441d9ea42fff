import assert from "node:assert/strict";
import { test } from "node:test";
import { format } from "../src/price.mjs";

test("cents are written behind a point", () => {
  assert.equal(format(1250), "12.50");
  assert.equal(format(98), "0.98");
});
