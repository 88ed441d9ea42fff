import { expect, test } from "@jest/globals";
import { cronFault, lastSlot } from "../../app/domain/cron.ts";
import { parsePolicy } from "../../app/policy/parse.ts";

const DAY = 24 * 3_600_000;

test.each(["0 6 * * 1", "*/15 8-18 * * mon-fri", "@weekly", "0 6 29 2 *"])("%s can be followed", (line) => {
  expect(cronFault(line)).toBeUndefined();
  expect(parsePolicy(`architect:\n  schedule: "${line}"\n`)).toMatchObject({ policy: { architect: { schedule: line } } });
});

test.each([
  ["0 6 * *", "five fields"],
  ["0 0 6 * * 1", "five fields"],
  ["every monday", "five fields"],
  ["2026-11-23T06:00:00Z", "five fields"],
  ["61 6 * * 1", "Invalid value for minute"],
  ["0 6 30 2 *", "never comes"],
  ["", "five fields"],
])("“%s” is an error of the policy, at its line", (line, message) => {
  expect(parsePolicy(`architect:\n  schedule: "${line}"\n`)).toMatchObject({
    errors: [{ line: 2, column: 3, message: expect.stringContaining(message) }],
  });
});

test.each([
  ["at the very moment", "2026-11-23T06:00:00.000Z", "2026-11-23T06:00:00.000Z"],
  ["half a second before it, it is the one before", "2026-11-23T05:59:59.500Z", undefined],
  ["minutes later", "2026-11-23T06:04:59.000Z", "2026-11-23T06:00:00.000Z"],
  ["a day later", "2026-11-24T06:00:00.000Z", "2026-11-23T06:00:00.000Z"],
  ["more than a day later, it is missed", "2026-11-24T06:00:01.000Z", undefined],
])("the slot of a Monday at six: %s", (_, now, slot) => {
  expect(lastSlot("0 6 * * 1", new Date(now), DAY)?.toISOString()).toBe(slot);
});

test("summer time changes nothing: slots are in UTC", () => {
  expect(lastSlot("0 2 * * *", new Date("2026-03-29T02:10:00Z"), DAY)?.toISOString()).toBe("2026-03-29T02:00:00.000Z");
});
