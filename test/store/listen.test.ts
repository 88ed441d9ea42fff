import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { asOwner, openTestStore, stale, type TestStore, until } from "./support.ts";

let world: TestStore;
beforeEach(async () => {
  world = await openTestStore();
});
afterEach(() => world.close());

test("whoever listens hears of each commit, until they stop", async () => {
  const heard: number[] = [];
  const stop = world.store.listen((position) => heard.push(position));
  const say = () => world.store.append({ stream: "acme/shop#1", expectedVersion: null, events: [stale(), stale()] });
  await until(async () => (await say()) && heard.length > 0);
  const last = await say();
  await until(async () => heard.includes(last.result === "accepted" ? last.position : -1));
  await stop();
  const before = heard.length;
  await say();
  expect(heard).toHaveLength(before);
});

test("after its connection was lost, it listens again and says that something may have been missed", async () => {
  const heard: number[] = [];
  const stop = world.store.listen((position) => heard.push(position));
  await until(
    async () => (await world.store.append({ stream: "acme/shop#1", expectedVersion: null, events: [stale()] })) && heard.length > 0,
  );
  await asOwner(
    world,
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen rig_events'",
  );
  await until(async () => heard.includes(0));
  const result = await world.store.append({ stream: "acme/shop#1", expectedVersion: null, events: [stale()] });
  await until(async () => heard.includes(result.result === "accepted" ? result.position : -1));
  await stop();
});
