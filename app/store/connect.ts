import pg from "pg";

/** What the program works as: it may append, and cannot rewrite what was appended (`db/migrations`). */
const ROLE = "rig_app";

/**
 * Settings of every connection. Nobody may sit on the append lock: a stalled transaction is ended, a waiting one gives up and is repeated.
 * A role's own settings would not hold, because the program connects as the owner and only then takes the role.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  role: ROLE,
  jit: "off",
  idle_in_transaction_session_timeout: "2s",
  lock_timeout: "2s",
  statement_timeout: "10s",
};

export interface PoolSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly onError: (error: Error) => void;
}

export function createPool({ url, poolSize, onError }: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    connectionString: withSettings(url),
    max: poolSize,
    // F7: who has to wait longer than this says so, and GitHub delivers again.
    connectionTimeoutMillis: 2000,
    application_name: "engineering-rig",
    keepAlive: true,
  });
  // Without these two a restart of the server would end the process: one for idle connections, one for those in use.
  pool.on("error", onError);
  pool.on("connect", (client) => {
    client.on("error", onError);
  });
  return pool;
}

export function ownerClient(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: "engineering-rig owner" });
  client.on("error", () => {});
  return client;
}

/** The URL with our settings after its own `options`. */
function withSettings(url: string): string {
  const parsed = new URL(url);
  const own = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`);
  parsed.searchParams.set("options", [parsed.searchParams.get("options") ?? "", ...own].join(" ").trim());
  return parsed.href.replaceAll("+", "%20");
}
