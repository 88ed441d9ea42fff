import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { asOwner, openTestStore, stale, type TestStore } from "./support.ts";

let world: TestStore;
const owner = (statements: string) => asOwner(world, statements);
beforeAll(async () => {
  world = await openTestStore();
  await world.store.append({ stream: "acme/shop#1", expectedVersion: 0, events: [stale(), stale()] });
  await world.store.seal();
});
afterAll(() => world.close());

const rewrites = [
  "update rig.events set data = '{}'",
  "delete from rig.events where position = 2",
  "truncate rig.events",
  "update rig.seals set hash = ''",
  "delete from rig.seals",
  "truncate rig.seals",
];

test.each(rewrites)("the program's role may not: %s", async (rewrite) => {
  await expect(world.database.pool.query(rewrite)).rejects.toThrow("permission denied");
});

test.each(rewrites)("a trigger stops the owner, too: %s", async (rewrite) => {
  await expect(owner(rewrite)).rejects.toThrow("is append-only");
});

test.each(rewrites)("the trigger stays on for a replica's session: %s", async (rewrite) => {
  await expect(owner(`set session_replication_role = replica; ${rewrite}`)).rejects.toThrow("is append-only");
});

test.each([
  "insert into rig.events (position, id, stream, version, type, data, actor, causation_id, correlation_id, occurred_at) values (9, gen_random_uuid(), 'acme/shop#1', 3, 'X', '{}', '{}', '', '', now())",
  "insert into rig.seals values (1, 1, '')",
  "update rig.head set position = 7",
  "insert into rig.effects (key, stream, kind, payload, cause) values ('k', 's/1', 'MERGE', '{}', 1)",
  "delete from rig.deliveries",
  "update rig.runs set fenced = false",
  "delete from rig.assignments",
  "create table rig.mine ()",
])("the functions are the only way in for the program: %s", async (bypass) => {
  await expect(world.database.pool.query(bypass)).rejects.toThrow("permission denied");
});

test("two events cannot have the same place in a stream, even for the owner", async () => {
  await expect(
    owner(
      "insert into rig.events (position, id, stream, version, type, data, actor, causation_id, correlation_id, occurred_at) values (9, gen_random_uuid(), 'acme/shop#1', 2, 'X', '{}', '{}', '', '', now())",
    ),
  ).rejects.toThrow("events_stream_version_key");
});
