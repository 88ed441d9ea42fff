/** What the cluster's files do to a fresh Postgres is what the migrations need of it: the owner there is no superuser. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { z } from "zod";
import { openDatabase } from "../../app/store/database.ts";
import { type EmbeddedServer, startEmbedded } from "../../app/store/embedded/server.ts";
import { at, ofKind } from "./manifest.ts";
import { render } from "./render.ts";

const folder = mkdtempSync(join(tmpdir(), "rig-deploy-postgres-"));
let server: EmbeddedServer;
beforeAll(async () => {
  server = await startEmbedded(join(folder, "pg"), { fsync: "off" });
}, 180_000);
afterAll(async () => {
  await server.release();
  rmSync(folder, { recursive: true, force: true });
});

async function asSuperuser(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

test("the owner that the operator makes migrates an empty database, and works as rig_app", async () => {
  const [cluster] = ofKind(await render("deploy/apps/ha"), "Cluster");
  const { owner, database, postInitApplicationSQL } = z
    .object({ owner: z.string(), database: z.string(), postInitApplicationSQL: z.array(z.string()) })
    .parse(at(cluster, "spec.bootstrap.initdb"));
  // The superuser of this server is called rig already, so here the owner has another name.
  const asKeeper = (text: string) => text.replaceAll(new RegExp(`\\b${owner}\\b`, "g"), "keeper");
  // As CloudNativePG does: the role, its database, and then the statements as a superuser in that database.
  await asSuperuser(server.url, "create role keeper login", `create database ${database}_of_keeper owner keeper`);
  const there = new URL(server.url);
  there.pathname = `/${database}_of_keeper`;
  await asSuperuser(there.href, ...postInitApplicationSQL.map(asKeeper));

  const asOwner = new URL(there);
  asOwner.username = "keeper";
  const opened = await openDatabase({ databaseUrl: asOwner.href, poolSize: 2 });
  try {
    await opened.migrate();
    const { rows } = await opened.pool.query("select current_user as role, session_user as owner from rig.head");
    expect(rows).toEqual([{ role: "rig_app", owner: "keeper" }]);
  } finally {
    await opened.close();
  }
});

test("an owner that may make roles makes rig_app itself, and works as it", async () => {
  const own = await startEmbedded(join(folder, "pg-of-maker"), { fsync: "off" });
  try {
    await asSuperuser(own.url, "create role maker login createrole", "create database of_maker owner maker");
    const there = new URL(own.url);
    there.pathname = "/of_maker";
    there.username = "maker";
    const opened = await openDatabase({ databaseUrl: there.href, poolSize: 2 });
    try {
      await opened.migrate();
      const { rows } = await opened.pool.query("select current_user as role from rig.head");
      expect(rows).toEqual([{ role: "rig_app" }]);
    } finally {
      await opened.close();
    }
  } finally {
    await own.release();
  }
}, 180_000);
