import type { ChildProcess } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { serverAccount } from "./account.ts";
import { binaries, clusterDirectory } from "./place.ts";
import { createCluster, runningServer, startServer, USER } from "./process.ts";

export interface EmbeddedServer {
  /** Connects as its superuser, over a socket that only we and the server's account reach. */
  readonly url: string;
  readonly dataDirectory: string;
  /** Stops the server, unless another process holds it too. */
  release(): Promise<void>;
}

const DATABASE = "rig";
const HOLDER = "rig embedded holder";
const DEADLINE_MS = 30_000;
const TRY_AGAIN_MS = 20;

const urlOf = (sockets: string, database: string) => `postgresql://${USER}@localhost/${database}?host=${encodeURIComponent(sockets)}`;

/**
 * Starts the embedded Postgres on `dataDir`, or finds it running there: started by another process of the app, or left over by one that was killed.
 * It is a process of its own. Each process that uses it holds it with one connection, and the last to release it stops it.
 */
export async function startEmbedded(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<EmbeddedServer> {
  const account = serverAccount();
  const bin = binaries(account);
  const data = clusterDirectory(resolve(dataDir), account);
  if (!existsSync(data)) createCluster(bin, data, account);

  const deadline = Date.now() + DEADLINE_MS;
  let started: ChildProcess | undefined;
  while (Date.now() < deadline) {
    const server = runningServer(data);
    const holder = server && (await hold(server.sockets, data));
    if (server && holder)
      return { url: urlOf(server.sockets, DATABASE), dataDirectory: data, release: () => release(holder, server, data) };
    if (!server && (!started || started.exitCode !== null)) started = startServer(bin, data, account, settings);
    await sleep(TRY_AGAIN_MS);
  }
  throw new Error(
    `The embedded Postgres in ${data} did not start within ${DEADLINE_MS / 1000} seconds. Its log: ${join(data, "server.log")}`,
  );
}

/** A connection that says we use the server, once it answers and serves this cluster and no other. Makes our database in it. */
async function hold(sockets: string, data: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: urlOf(sockets, "postgres"), connectionTimeoutMillis: 2000, application_name: HOLDER });
  client.on("error", () => {});
  try {
    await client.connect();
  } catch {
    return undefined;
  }
  try {
    const { rows } = await client.query<{ data_directory: string }>("show data_directory");
    if (rows[0]?.data_directory !== data) throw new Error(`The Postgres at ${sockets} serves ${rows[0]?.data_directory}, not ${data}.`);
    await client.query(`create database ${DATABASE}`).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && (error.code === "42P04" || error.code === "23505"))) throw error; // It is there already.
    });
    return client;
  } catch (error) {
    await client.end();
    if (error instanceof Error && "code" in error) return undefined; // The server was stopped at this moment.
    throw error;
  }
}

async function release(
  holder: pg.Client,
  { pid, sockets }: { readonly pid: number; readonly sockets: string },
  data: string,
): Promise<void> {
  if (await othersHold(holder)) return holder.end();
  if (runningServer(data)?.pid === pid) {
    process.kill(pid, "SIGINT");
    while (runningServer(data)?.pid === pid) await sleep(TRY_AGAIN_MS);
  }
  await holder.end();
  rmSync(sockets, { recursive: true, force: true });
}

/** Two who leave at once must not each count on the other: one at a time, and who leaves says so before the next one counts. */
async function othersHold(holder: pg.Client): Promise<boolean> {
  try {
    await holder.query("select pg_advisory_lock(hashtext($1))", [HOLDER]);
    const { rows } = await holder.query("select from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()", [HOLDER]);
    if (rows.length > 0) await holder.query("set application_name = 'rig has left'");
    return rows.length > 0;
  } catch {
    return false; // The connection is gone, so the server was stopped or restarted meanwhile.
  }
}
