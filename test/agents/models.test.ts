import { expect, test } from "@jest/globals";
import { knownModels, roomFor, thinkingOf } from "../../agents/runtime/prices.ts";

test.each([
  ["claude-haiku-4-5", 140_000],
  ["claude-haiku-4-5-20251001", 140_000],
  ["claude-sonnet-5-5", 700_000],
  ["claude-haiku-5-5", 90_000],
])("a conversation with %s may have %i tokens: seven tenths of its window, and none that a long prompt makes dearer", (model, room) => {
  expect(roomFor(model)).toBe(room);
});

test("every model with a price says how much it holds and how it thinks, and no other does", () => {
  for (const model of knownModels)
    expect([roomFor(model) > 50_000, ["budget", "adaptive"].includes(thinkingOf(model))]).toEqual([true, true]);
  for (const ask of [roomFor, thinkingOf]) expect(() => ask("gpt-9")).toThrow("There is no price for the model gpt-9");
});
