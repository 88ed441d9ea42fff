import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import pg from "pg";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { stale } from "./support.ts";

let server: TestDatabase;
let admin: pg.Client;
let name: string;
let url: string;
beforeEach(async () => {
  server = await createTestDatabase();
  admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  name = `rig_test_${process.pid}_empty${randomBytes(4).toString("hex")}`;
  await admin.query(`create database ${name}`);
  const empty = new URL(server.url);
  empty.pathname = `/${name}`;
  url = empty.href;
});
afterEach(async () => {
  await admin.query(`drop database ${name} with (force)`);
  await admin.end();
  await server.close();
});

test("replicas that start together on an empty database migrate it once, and each can append at once", async () => {
  const replicas = await Promise.all([1, 2, 3].map(() => openDatabase({ databaseUrl: url, poolSize: 2 })));
  await Promise.all(replicas.map((replica) => replica.migrate()));
  const results = await Promise.all(
    replicas.map(({ pool }, n) =>
      createStore(pool).append({ stream: `acme/shop#${n}`, expectedVersion: 0, events: [stale()], jobs: [{ task: "look", payload: {} }] }),
    ),
  );
  expect(results.map(({ result }) => result)).toEqual(["accepted", "accepted", "accepted"]);
  const applied = await replicas[0]?.pool.query("select count(*)::int as n from rig.head");
  expect(applied?.rows).toEqual([{ n: 1 }]);
  await Promise.all(replicas.map((replica) => replica.close()));
});

test("each migration is applied once, and a second start applies nothing", async () => {
  const database = await openDatabase({ databaseUrl: url });
  await database.migrate();
  const files = readdirSync(new URL("../../db/migrations", import.meta.url)).map((file) => file.replace(/\.sql$/, ""));
  const applied = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ name: string; run_on: Date }>("select name, run_on from rig.migrations order by name");
    await client.end();
    return rows;
  };
  const first = await applied();
  expect(first.map((migration) => migration.name)).toEqual(files.sort());
  await database.migrate();
  expect(await applied()).toEqual(first);
  await database.close();
});

test("every table of ours says what it is for", async () => {
  const { rows } = await admin.query(
    `select c.relname from pg_class c where c.relnamespace = 'rig'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations' and obj_description(c.oid) is null`,
  );
  expect(rows).toEqual([]);
});

test.each([
  ["synchronous_commit is off", "synchronous_commit%3Doff", "Set it to on"],
  ["nobody answers", undefined, "does not answer"],
])("a database where %s is refused with a sentence", async (_, option, sentence) => {
  const refused = new URL(url);
  if (option) refused.searchParams.set("options", `-c ${decodeURIComponent(option)}`);
  else refused.searchParams.set("host", "/nowhere");
  await expect(openDatabase({ databaseUrl: refused.href.replaceAll("+", "%20") })).rejects.toThrow(sentence);
});

test("the program works as the restricted role, also when its URL brings options of its own", async () => {
  const own = new URL(url);
  own.searchParams.set("options", "-c work_mem=7MB");
  const database = await openDatabase({ databaseUrl: own.href.replaceAll("+", "%20") });
  await database.migrate();
  const { rows } = await database.pool.query(
    "select current_user::text as who, current_setting('work_mem') as memory, current_setting('lock_timeout') as patience",
  );
  expect(rows).toEqual([{ who: "rig_app", memory: "7MB", patience: "2s" }]);
  await database.close();
});
