import { fileURLToPath } from "node:url";
import { runMigrations } from "graphile-worker";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { ownerClient } from "./connect.ts";
import { quiet } from "./worker-log.ts";

const MIGRATIONS = fileURLToPath(new URL("../../db/migrations", import.meta.url));
/** One lock around graphile-worker's migrations and ours, which refer to its tables. */
const LOCK = 1919510374;

/** Brings the schema up to date as its owner. Replicas that start together wait for each other. */
export async function migrate(url: string): Promise<void> {
  const client = ownerClient(url);
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on("error", () => {});
  pool.on("connect", (connected) => {
    connected.on("error", () => {});
  });
  try {
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await runMigrations({ pgPool: pool, logger: quiet });
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: "up",
      schema: "rig",
      createSchema: true,
      migrationsTable: "migrations",
      advisoryLockMode: "wait",
      singleTransaction: true,
      log: () => {},
    });
  } finally {
    await Promise.all([client.end(), pool.end()]);
  }
}
