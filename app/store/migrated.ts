import { readdir } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { ownerClient } from "./connect.ts";
import { sqlState } from "./query.ts";

const MIGRATIONS = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const NO_SUCH_SCHEMA = "3F000";
const NO_SUCH_TABLE = "42P01";

/** Names of migrations of this version that a database does not have, in their order; all of them where it was never migrated. */
export async function missingMigrations(url: string): Promise<readonly string[]> {
  const wanted = (await readdir(MIGRATIONS)).filter((file) => file.endsWith(".sql")).map((file) => basename(file, ".sql"));
  const client = ownerClient(url);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>("select name from rig.migrations");
    const done = new Set(rows.map(({ name }) => name));
    return wanted.filter((name) => !done.has(name)).toSorted();
  } catch (error) {
    if ([NO_SUCH_SCHEMA, NO_SUCH_TABLE].includes(sqlState(error) ?? "")) return wanted.toSorted();
    throw error;
  } finally {
    await client.end();
  }
}
