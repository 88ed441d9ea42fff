/** The app's database, for the verbs that work on it whether or not the app runs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../agents/runtime/errors.ts";
import type { CliConfig } from "../config.ts";
import type { Database } from "../store/database.ts";
import { sqlState } from "../store/query.ts";
import { Unreachable } from "./verb.ts";

const EMBEDDED = join(import.meta.dirname, "../../.rig/pg");

/** No such schema, table, column or function; no such role or database. */
const behind: ReadonlySet<string> = new Set(["3F000", "42P01", "42703", "42883", "22023", "42704"]);

/** Opens the database, and closes it whatever happens. It is not migrated: that is the app's. */
export async function withDatabase<T>({ databaseUrl }: CliConfig, use: (database: Database) => Promise<T>): Promise<T> {
  if (!databaseUrl && !existsSync(join(EMBEDDED, "data")))
    throw new Unreachable(
      "There is no embedded database yet, and DATABASE_URL is not set: set it as the app has it, or start the app once.",
    );
  // It brings the tools that migrate: most verbs would wait for them in vain.
  const { openDatabase } = await import("../store/database.ts");
  const database = await openDatabase({ databaseUrl, dataDir: EMBEDDED, poolSize: 4 }).catch((error: unknown) => {
    throw new Unreachable(messageOf(error));
  });
  try {
    return await use(database);
  } catch (error) {
    if (!behind.has(sqlState(error) ?? "")) throw error;
    throw new Unreachable(
      `The database is not at this version of the Rig (${messageOf(error)}): start the app of this version once, it brings it up to date.`,
    );
  } finally {
    await database.close();
  }
}
