import type { Pool } from "pg";
import { createPool, ownerClient } from "./connect.ts";
import { type EmbeddedServer, startEmbedded } from "./embedded/server.ts";
import { migrate } from "./migrate.ts";

export interface DatabaseConfig {
  /** As the owner of the schema, who migrates. Unset: the embedded Postgres in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly poolSize?: number | undefined;
  /** A connection was lost: the pool makes new ones, so this is to be logged and no more. */
  readonly onError?: ((error: Error) => void) | undefined;
}

export interface Database {
  /** Works as the restricted role; usable once `migrate` has run. */
  readonly pool: Pool;
  readonly url: string;
  migrate(): Promise<void>;
  close(): Promise<void>;
}

const OLDEST_SERVER = 150_000;

export async function openDatabase({
  databaseUrl,
  dataDir = ".rig/pg",
  poolSize = 20,
  onError = () => {},
}: DatabaseConfig): Promise<Database> {
  const embedded: EmbeddedServer | undefined = databaseUrl ? undefined : await startEmbedded(dataDir);
  const url = databaseUrl ?? embedded?.url ?? "";
  try {
    await assertFit(url);
  } catch (error) {
    await embedded?.release();
    throw error;
  }
  const pool = createPool({ url, poolSize, onError });
  return {
    pool,
    url,
    migrate: () => migrate(url),
    async close() {
      await pool.end();
      await embedded?.release();
    },
  };
}

/** What is acknowledged must survive a crash of the server (R-ES1). */
async function assertFit(url: string): Promise<void> {
  const client = ownerClient(url);
  try {
    await client.connect();
  } catch (error) {
    const { host, pathname } = new URL(url);
    throw new Error(
      `The database at ${host}${pathname} does not answer: ${error instanceof Error ? error.message : error}. Check DATABASE_URL.`,
      { cause: error },
    );
  }
  try {
    const { rows } = await client.query<{ version: number; commit: string }>(
      "select current_setting('server_version_num')::int as version, current_setting('synchronous_commit') as commit",
    );
    const { version = 0, commit } = rows[0] ?? {};
    if (version < OLDEST_SERVER) throw new Error(`The database is PostgreSQL ${Math.floor(version / 10_000)}; the Rig needs 15 or later.`);
    if (commit !== "on")
      throw new Error(
        `The database has synchronous_commit = ${commit}, so a crash could lose what was acknowledged. Set it to on for this role and database.`,
      );
  } finally {
    await client.end();
  }
}
