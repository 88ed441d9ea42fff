import assert from "node:assert/strict";
import { test } from "node:test";
import { shipping } from "../src/shipping.mjs";

test("a small order pays for being sent", () => {
  assert.equal(shipping(1250), 490);
});

test("a large order is sent free", () => {
  assert.equal(shipping(7500), 0);
});
