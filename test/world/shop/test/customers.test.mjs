import assert from "node:assert/strict";
import { test } from "node:test";
import { insertCustomer } from "../src/customers.mjs";

test("a customer is stored with their address, name and what is kept of their password", () => {
  const { text, values } = insertCustomer({ email: "ada@example.com", name: "Ada", salt: "sea", digest: "5ea" });
  assert.match(text, /^insert into customers \(email, name, salt, digest\)/);
  assert.deepEqual(values, ["ada@example.com", "Ada", "sea", "5ea"]);
});
