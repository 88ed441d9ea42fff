import assert from "node:assert/strict";
import { test } from "node:test";
import { insertOrder } from "../src/orders.mjs";

test("an order is stored with its number, address and worth", () => {
  const { text, values } = insertOrder({ number: 7, email: "ada@example.com", cents: 3210 });
  assert.match(text, /^insert into orders \(number, email, cents\)/);
  assert.deepEqual(values, [7, "ada@example.com", 3210]);
});
