import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { openTestStore, stale, type TestStore } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
  await Promise.all(
    Array.from({ length: 35 }, (_, n) =>
      world.store.append({ stream: `acme/shop#${n % 5}`, expectedVersion: null, events: [stale(String(n))] }),
    ),
  );
});
afterAll(() => world.close());

/** What somebody with the owner's rights and bad intentions would do; undone afterwards. */
async function tampered<T>(change: string, look: () => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: world.url });
  await owner.connect();
  const off = "alter table rig.events disable trigger append_only; alter table rig.seals disable trigger append_only";
  try {
    await owner.query(
      `create table if not exists rig.kept as select * from rig.events; create table if not exists rig.kept_seals as select * from rig.seals`,
    );
    await owner.query(`${off}; ${change}`);
    return await look();
  } finally {
    await owner.query("delete from rig.seals; insert into rig.seals select * from rig.kept_seals");
    await owner.query("delete from rig.events; insert into rig.events select * from rig.kept");
    await owner.end();
  }
}

const broken = async () => (await world.store.verifySeals()).filter(({ intact }) => !intact).map(({ from, to }) => [from, to]);

test("sealing covers everything so far, block by block, and answers the hash to publish", async () => {
  const first = await world.store.seal(10);
  expect(first).toEqual({ position: 35, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await world.store.verifySeals()).map(({ from, to, intact }) => [from, to, intact])).toEqual([
    [1, 10, true],
    [11, 20, true],
    [21, 30, true],
    [31, 35, true],
  ]);
  expect(await world.store.seal(10)).toEqual(first);
});

test.each([
  ["an event's data", `update rig.events set data = '{"changedBy": "eve", "newHash": "1"}' where position = 13`, [[11, 20]]],
  ["who did it", `update rig.events set actor = actor || '{"login": "eve"}' where position = 25`, [[21, 30]]],
  ["when it happened", "update rig.events set occurred_at = occurred_at + interval '1 second' where position = 35", [[31, 35]]],
  ["a deleted event", "delete from rig.events where position = 10", [[1, 10]]],
  [
    "two events that changed places",
    "update rig.events set position = case position when 1 then -1 else 1 end where position in (1, 2); update rig.events set position = 2 where position = -1",
    [[1, 10]],
  ],
  [
    "a seal made to fit, which then breaks the chain",
    "update rig.events set data = '{}' where position = 1; update rig.seals set hash = rig.block_hash(1, 10, '\\x00') where to_position = 10",
    [[11, 20]],
  ],
  ["a seal that was taken away", "delete from rig.seals where to_position = 20", [[21, 30]]],
])("verification points at the block of %s", async (_, change, blocks) => {
  expect(await tampered(change, broken)).toEqual(blocks);
  expect(await broken()).toEqual([]);
});
