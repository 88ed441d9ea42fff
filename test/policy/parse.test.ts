import { expect, test } from "@jest/globals";
import { defaultPolicy } from "../../app/domain/policy.ts";
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

test("the old file tells how to test and build", () => {
  expect(parseOldPolicy("stack: node\ntestCommand: npm test\n")).toMatchObject({ policy: { stack: { test: "npm test" } } });
});
