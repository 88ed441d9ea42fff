import { expect, test } from "@jest/globals";
import { readOwners } from "../../app/gates/codeowners.ts";
import { payments } from "../../app/gates/payments.ts";
import { added, edited } from "../../bench/gates/change.ts";

const because = (path: string, before = "a", after = "b") =>
  payments.raisedBy([edited(path, before, after)], {}).map((evidence) => evidence.because);

test.each([
  ["src/payments/capture.ts", "payments"],
  ["src/pricing.mjs", "prices"],
  ["app/InvoiceMailer.php", "billing"],
  ["lib/PayPalGateway.rb", "payments"],
  ["src/stripe/index.ts", "a payment provider"],
  ["config/vat.yml", "taxes"],
])("%s is about %s", (path, subject) => {
  expect(because(path)).toEqual([`its path is about ${subject}`]);
});

test.each([
  "src/subscriptions/websocket.ts",
  "src/git/checkout.ts",
  "battery/charge.c",
  "src/payload.ts",
  "src/syntax.ts",
  "src/striped.css",
  "plan.md",
])("%s is about something else", (path) => {
  expect(because(path)).toEqual([]);
});

test("an address of a provider is not a call of it", () => {
  expect(because("src/csp.ts", "a", "allow('https://js.stripe.com', 'https://stripe.com/docs')")).toEqual([]);
  expect(because("src/csp.ts", "a", "stripe.refunds.create({ id })")).toEqual(["says Stripe"]);
});

test("a price that is multiplied is an amount, one that is shown is not", () => {
  expect(because("src/cart.ts", "a", "sum + item.price * count")).toEqual(["says an amount of money"]);
  expect(because("src/cart.tsx", "a", "<td className='price-cell'>{item.price}</td>\n/**\n * price of one\n */")).toEqual([]);
});

test("a key of a provider is told, and not repeated", () => {
  const evidence = payments.raisedBy([added("deploy/x.yaml", "key: sk_live_51abcdef")], {});
  expect(evidence).toEqual([{ path: "deploy/x.yaml", line: 1, because: "says a key of a payment provider" }]);
});

test("R11b: what a billing team owns belongs to it, wherever it lies", () => {
  const owners = readOwners("src/till/ @acme/billing-eu");
  expect(payments.raisedBy([edited("src/till/x.ts", "a", "b")], owners ? { owners } : {})).toEqual([
    { path: "src/till/x.ts", because: "CODEOWNERS gives it to @acme/billing-eu" },
  ]);
});
