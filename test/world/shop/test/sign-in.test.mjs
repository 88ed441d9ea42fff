import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, signIn } from "../src/auth/sign-in.mjs";

const ada = { email: "ada@example.com", salt: "sea", digest: digestOf("first flush", "sea") };

test("a customer signs in with their own password", () => {
  assert.equal(signIn([ada], { email: ada.email, password: "first flush" }), ada);
});

test("a wrong password and an unknown address are answered alike", () => {
  assert.throws(() => signIn([ada], { email: ada.email, password: "second flush" }), /or the password is wrong/);
  assert.throws(() => signIn([ada], { email: "bo@example.com", password: "first flush" }), /or the password is wrong/);
});
