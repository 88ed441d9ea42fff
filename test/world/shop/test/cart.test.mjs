import assert from "node:assert/strict";
import { test } from "node:test";
import { total } from "../src/cart.mjs";

test("a cart costs what its lines cost", () => {
  assert.equal(
    total([
      { price: 1250, quantity: 1 },
      { price: 980, quantity: 2 },
    ]),
    3210,
  );
});

test("the third piece is free", () => {
  assert.equal(total([{ price: 1250, quantity: 3 }]), 2500);
});
