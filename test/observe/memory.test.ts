import { expect, test } from "@jest/globals";
import { createMemory } from "../../app/observe/memory.ts";

const counted = () => {
  let reads = 0;
  return { read: async () => ++reads, reads: () => reads };
};

test("what was read is not read again", async () => {
  const { recall } = createMemory();
  const { read, reads } = counted();
  expect([await recall("a", read), await recall("a", read), await recall("b", read)]).toEqual([1, 1, 2]);
  expect(reads()).toBe(2);
});

test("a failure and an answer not worth keeping are asked for again", async () => {
  const { recall } = createMemory();
  const { read } = counted();
  await expect(recall("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  expect(await recall("a", read, { worth: () => false })).toBe(1);
  expect(await recall("a", read)).toBe(2);
});

test("it does not grow without end", async () => {
  const { recall } = createMemory(2);
  const { read } = counted();
  await recall("a", read);
  await recall("b", read);
  await recall("c", read);
  expect(await recall("c", read)).toBe(3);
  expect(await recall("a", read)).toBe(4);
});

test("it forgets by size too, and does not keep what is larger than all of it", async () => {
  const { recall } = createMemory(10, 100);
  const { read } = counted();
  const large = { size: () => 60 };
  await recall("a", read, large);
  await recall("b", read, large);
  expect(await recall("b", read)).toBe(2);
  expect(await recall("a", read, { size: () => 101 })).toBe(3);
  expect(await recall("a", read)).toBe(4);
});

test("whoever asks while it is read waits for the same answer", async () => {
  const { recall } = createMemory();
  const { read } = counted();
  expect(await Promise.all([recall("a", read), recall("a", read)])).toEqual([1, 1]);
});
