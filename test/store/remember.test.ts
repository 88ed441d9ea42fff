import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { notify, openTestStore, stale, type TestStore, until } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

const plan = (key: string) =>
  world.store.append({ stream: `remember/${key}`, expectedVersion: null, events: [stale()], commands: [notify(key)] });

/** A claim that has to succeed, at once or when the lease before it is over. */
const claimed = (key: string, leaseMs = 60_000) =>
  until(async () => {
    const claim = await world.store.claimEffect(key, leaseMs);
    return "effect" in claim && claim;
  });

test("what an attempt remembers is told to the next one, and stays where that one answers nothing", async () => {
  await plan("m1");
  const first = await claimed("m1", 1);
  expect(first.effect.remembered).toBeUndefined();
  expect(await world.store.rememberEffect("m1", first.epoch, { uuid: "u" })).toBe(true);
  const next = await claimed("m1");
  expect(next).toMatchObject({ unknown: true, effect: { remembered: { uuid: "u" } } });
  await world.store.putOffEffect("m1", next.epoch, true, 0, "later");
  expect((await claimed("m1")).effect.remembered).toEqual({ uuid: "u" });
});

test("R-Q3: who lost the claim remembers nothing any more", async () => {
  await plan("m2");
  const lost = await claimed("m2", 1);
  const next = await claimed("m2");
  expect(await world.store.rememberEffect("m2", lost.epoch, { uuid: "late" })).toBe(false);
  expect(await world.store.rememberEffect("m2", next.epoch, { uuid: "mine" })).toBe(true);
  await world.store.settleEffect("m2", next.epoch, "confirmed", { response: { done: true } });
  expect(await world.store.rememberEffect("m2", next.epoch, { uuid: "after" })).toBe(false);
  expect((await world.store.effectsOf("remember/m2"))[0]).toMatchObject({ state: "confirmed", response: { done: true } });
});
