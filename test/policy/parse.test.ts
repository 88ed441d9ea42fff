import { expect, test } from "@jest/globals";
import { defaultPolicy, gateNames } from "../../app/domain/policy.ts";
import { builtIn } from "../../app/gates/index.ts";
import { parseOldPolicy, parsePolicy } from "../../app/policy/parse.ts";

test.each([
  ["nothing", ""],
  ["comments alone", "# later\n"],
  ["an empty map", "{}"],
])("%s means the defaults", (_, text) => {
  expect(parsePolicy(text)).toMatchObject({ policy: defaultPolicy });
});

test("durations read as people write them", () => {
  const parsed = parsePolicy("timeouts:\n  heartbeat: 2s\ngateReminders:\n  escalateAfter: 4h\n");
  expect(parsed).toMatchObject({
    policy: { timeouts: { heartbeat: 2_000, checks: 3_600_000 }, gateReminders: { escalateAfter: 14_400_000 } },
  });
});

test.each([
  ["an unknown key", "merge:\n  method: squash\n  metod: merge\n", 3, 3, "merge.metod is not a key of rig.yml"],
  ["an unknown top key", "mode: active\nlimit: 3\n", 2, 1, "limit is not a key of rig.yml"],
  ["a wrong value", "queue:\n  maxConcurrent: many\n", 2, 3, "queue.maxConcurrent"],
  ["a duration without a unit", "timeouts:\n  checks: 30\n", 2, 3, "timeouts.checks"],
  ["a duration of nothing", 'timeouts:\n  checks: "0m"\n', 2, 3, "a duration above zero"],
  ["broken YAML", "merge:\n  method: [squash\n", 3, 1, "Flow sequence"],
  ["a key twice", "mode: active\nmode: observe\n", 2, 1, "Map keys must be unique"],
])("%s is an error with its line and column", (_, text, line, column, message) => {
  expect(parsePolicy(text)).toMatchObject({ errors: [{ line, column, message: expect.stringContaining(message) }] });
});

test.each([
  ["the rules switched off", "gates:\n  rules:\n    enabled: false\n", 3, 5, "cannot be switched off"],
  ["other approvers of the rules", "gates:\n  rules:\n    approvers: ['@mallory']\n", 3, 5, "opened by code owners alone"],
  ["a gate without anything to look for", "gates:\n  till:\n    approvers: ['@maria']\n", 2, 3, "needs paths, content or dependencies"],
  ["a misspelt gate", "gates:\n  payment: {}\n", 2, 3, "the others are auth, payments"],
  ["a gate of a name that is none", "gates:\n  Till 1:\n    paths: [a]\n", 2, 3, "small letters, digits and hyphens"],
  ["an approver without an @", "gates:\n  auth:\n    approvers:\n      - '@maria'\n      - jonas\n", 5, 9, "@user or @org/team"],
  ["no approver", "gates:\n  auth:\n    approvers: []\n", 3, 5, "the code owners decide"],
  [
    "an expression that RE2 cannot do",
    "gates:\n  till:\n    content:\n      - ok\n      - 'a(?=b)'\n",
    5,
    9,
    '"a(?=b)" is not an RE2 expression',
  ],
  ["a glob that cannot be used", "gates:\n  till:\n    paths: [src/**, '!src/x']\n", 3, 21, '"!src/x" begins with !'],
  ["a key of no gate", "gates:\n  till:\n    path: src/**\n", 3, 5, "gates.till.path is not a key of rig.yml"],
])("in gates, %s is an error with its line and column", (_, text, line, column, message) => {
  expect(parsePolicy(text)).toMatchObject({
    errors: expect.arrayContaining([{ line, column, message: expect.stringContaining(message) }]),
  });
});

test("gates of one's own and more for the six are taken as they stand", () => {
  const text =
    "gates:\n  payments:\n    enabled: false\n  rules:\n    paths: [infra/**]\n  till:\n    content: ['(?i)till']\n    approvers: ['@acme/till', '@maria']\n";
  expect(parsePolicy(text)).toMatchObject({
    policy: {
      gates: {
        payments: { enabled: false },
        rules: { paths: ["infra/**"], enabled: true },
        till: { content: ["(?i)till"], approvers: ["@acme/till", "@maria"], enabled: true },
      },
    },
  });
});

test("the gates that a file may add to are the ones there are", () => {
  expect(gateNames).toEqual(builtIn.map(({ name }) => name));
});

test("the old file tells how to test and build", () => {
  expect(parseOldPolicy("stack: node\ntestCommand: npm test\n")).toMatchObject({ policy: { stack: { test: "npm test" } } });
});
