/** Fresh, migrated databases on one real Postgres that all test files share while any of them runs. */
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { startEmbedded } from "../../app/store/embedded/server.ts";
import { migrate } from "../../app/store/migrate.ts";

export interface TestDatabase {
  /** As the owner. */
  readonly url: string;
  close(): Promise<void>;
}

const MIGRATIONS = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** A test's data need not survive a power cut. What is acknowledged still survives the end of any process. */
const SETTINGS = { fsync: "off", full_page_writes: "off", max_connections: "200", autovacuum_naptime: "10s" };

const serverDirectory = join(tmpdir(), `rig-test-postgres-${hash(MIGRATIONS + userInfo().uid)}`);

/** A database of its own, copied from a migrated template. Close it, or the server stays up. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await startEmbedded(serverDirectory, SETTINGS);
  const admin = new pg.Client({ connectionString: server.url });
  admin.on("error", () => {});
  await admin.connect();
  const template = await ensureTemplate(admin, server.url);
  const name = `rig_test_${process.pid}_${randomBytes(4).toString("hex")}`;
  await admin.query(`create database ${name} template ${template} strategy file_copy`);
  return {
    url: inDatabase(server.url, name),
    async close() {
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
      await server.release();
    },
  };
}

const inDatabase = (url: string, name: string) => {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
};

/** The template of this state of the migrations, made once. */
async function ensureTemplate(admin: pg.Client, url: string): Promise<string> {
  const files = readdirSync(MIGRATIONS).sort();
  const template = `rig_template_${hash(files.map((file) => file + readFileSync(join(MIGRATIONS, file), "utf8")).join())}`;
  const exists = async () => (await admin.query("select from pg_database where datname = $1", [template])).rows.length > 0;
  if (await exists()) return template;
  await admin.query("select pg_advisory_lock(1919510373)");
  try {
    if (await exists()) return template;
    await dropLeftovers(admin);
    await admin.query(`drop database if exists ${template}_new with (force)`);
    await admin.query(`create database ${template}_new`);
    await migrate(inDatabase(url, `${template}_new`));
    await admin.query(`alter database ${template}_new rename to ${template}`);
    return template;
  } finally {
    await admin.query("select pg_advisory_unlock(1919510373)");
  }
}

/** Databases of test runs that were killed. */
async function dropLeftovers(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>("select datname as name from pg_database where datname ~ '^rig_test_\\d+_'");
  for (const { name } of rows) {
    try {
      process.kill(Number(name.split("_")[2]), 0);
    } catch {
      await admin.query(`drop database if exists ${name} with (force)`);
    }
  }
}
