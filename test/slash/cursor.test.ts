import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commandJob } from "../../app/hear.ts";
import { openTestStore, type TestStore } from "../store/support.ts";

let on: TestStore;
beforeAll(async () => {
  on = await openTestStore();
});
afterAll(() => on?.close());

const jobs = async () => (await on.database.pool.query("select key from graphile_worker.jobs order by key")).rows.map(({ key }) => key);

test("comments are looked at from the second in which a repository was first seen, and never from earlier than before", async () => {
  const began = Date.now();
  await on.store.upsertRepository({ id: 5, owner: "acme", name: "shop", installationId: 1, defaultBranch: "main", private: true });
  const first = await on.store.commentsSince(5);
  expect(first.getMilliseconds()).toBe(0);
  expect(Math.abs(first.getTime() - began)).toBeLessThan(60_000);

  const later = new Date(first.getTime() + 5_000);
  await on.store.readComments(5, later, [commandJob(5, 71), commandJob(5, 72)]);
  expect(await on.store.commentsSince(5)).toEqual(later);
  expect(await jobs()).toEqual(["command:71", "command:72"]);

  await on.store.readComments(5, first, []);
  expect(await on.store.commentsSince(5)).toEqual(later);
});

test("what cannot be added is not counted as read", async () => {
  const before = await on.store.commentsSince(5);
  const wrong = { ...commandJob(5, 73), maxAttempts: -1 };
  await expect(on.store.readComments(5, new Date(before.getTime() + 5_000), [wrong])).rejects.toThrow();
  expect(await on.store.commentsSince(5)).toEqual(before);
});
