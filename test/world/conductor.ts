/** The real app as a process of its own, set up for the stand-in world. It can be killed and started again at the same address. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { StreamId } from "../../app/domain/ids.ts";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { openHistory } from "./history.ts";
import type { World } from "./world.ts";

export type Conductor = Awaited<ReturnType<typeof startConductor>>;

export interface ConductorOptions {
  readonly databaseUrl: string;
  /** What the app logs, of all its lives. */
  readonly logFile: string;
  /** Said beside and above what leads the app into this world: another `PORT` makes a second replica. */
  readonly env?: Readonly<Record<string, string>>;
}

const MAIN = join(import.meta.dirname, "../../app/main.ts");
const READY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
const QUIET_WITHIN_MS = 120_000;

export async function startConductor(world: World, { databaseUrl, logFile, env: more }: ConductorOptions) {
  const env = { ...environment(world, databaseUrl), ...more };
  const url = `http://127.0.0.1:${env.PORT}`;
  const log = createWriteStream(logFile, { flags: "a" });
  const database = await openDatabase({ databaseUrl, poolSize: 12 });
  const store = createStore(database.pool);
  const history = openHistory(store);
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) stream.pipe(log, { end: false });
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isReady(url))) {
      if (started.exitCode !== null || started.signalCode !== null || Date.now() > deadline) {
        await end("SIGKILL");
        throw new Error(`The app does not get ready. Its log, ${logFile}, ends with:\n${readFileSync(logFile, "utf8").slice(-3_000)}`);
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    running.kill(signal);
    // One that stands still hears nothing but the end.
    running.kill("SIGCONT");
    await gone;
  }

  async function untilNone(what: string, sql: string, values: readonly string[] = []): Promise<void> {
    const deadline = Date.now() + QUIET_WITHIN_MS;
    while ((await database.pool.query(sql, [...values])).rowCount) {
      if (Date.now() > deadline) throw new Error(`Waited ${QUIET_WITHIN_MS / 1000} seconds in vain for ${what}.`);
      await pause(LOOK_EVERY_MS);
    }
  }

  // Whatever ends this process, the app does not outlive it.
  const endAtOnce = () => child?.kill("SIGKILL");
  process.on("exit", endAtOnce);
  try {
    await start();
  } catch (error) {
    await database.close();
    throw error;
  }

  return {
    url,
    logFile,
    store,
    /** Ends it as a power cut would. */
    kill: () => end("SIGKILL"),
    /** Asks it to end. */
    stop: () => end("SIGTERM"),
    /** Stands still as a process does on an overloaded machine, until `goOn`. */
    standStill: () => void child?.kill("SIGSTOP"),
    goOn: () => void child?.kill("SIGCONT"),
    /** Starts it again; it looks at once for what happened meanwhile. */
    start,
    /** The five-minute pass, now. */
    coordinate: () => store.addJobs([{ task: "coordinate", payload: {}, key: "coordinate:now" }]),
    /** What was written down of a stream. */
    events: history.of,
    /** Grows with whatever is written down, of any stream. */
    progress: history.length,
    /** Waits until a delivery was heard and what it made the Rig look at was looked at. */
    handled: (guid: string, stream: StreamId): Promise<void> =>
      untilNone(
        `delivery ${guid} to be handled`,
        `select from graphile_worker.jobs where key = $2 and run_at <= now() union all
         select from (values (1)) v where not exists (select from rig.deliveries where guid = $1 and state <> 'stored') limit 1`,
        [guid, `sync:${stream}`],
      ),
    /** Waits until everything that was decided about an issue is done. */
    shown: (stream: StreamId): Promise<void> =>
      untilNone(`the effects of ${stream}`, "select from rig.effects where stream = $1 and state in ('planned', 'sent') limit 1", [stream]),
    /** Nothing waits to be done now: no delivery, no look, no command. Timers that are not due yet do not count. */
    quiet: (): Promise<void> =>
      untilNone(
        "quiet",
        `select from graphile_worker.jobs where run_at <= now() + interval '1 second' and attempts < max_attempts union all
         select from rig.effects where state in ('planned', 'sent') union all select from rig.deliveries where state = 'stored' limit 1`,
      ),
    async close(): Promise<void> {
      await end("SIGKILL");
      process.off("exit", endAtOnce);
      await database.close();
      log.end();
      await finished(log);
    },
  };
}

const isReady = (url: string) =>
  fetch(`${url}/readyz`).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );

/** All of it: nothing of the outer environment leads the app out of this world. */
function environment({ github, discord, model, apps, rigUrl }: World, databaseUrl: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    PORT: new URL(rigUrl).port,
    METRICS_PORT: "0",
    RIG_PUBLIC_URL: rigUrl,
    DATABASE_URL: databaseUrl,
    GITHUB_API_URL: github.apiUrl,
    OIDC_ISSUER: github.oidcIssuer,
    APP_ID: String(apps.rig.id),
    PRIVATE_KEY: apps.rig.privateKey,
    WEBHOOK_SECRET: apps.rig.webhookSecret,
    REVIEW_APP_ID: String(apps.review.id),
    REVIEW_PRIVATE_KEY: apps.review.privateKey,
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: model.key,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_BOT_TOKEN: discord.botToken,
    DISCORD_CHANNELS: JSON.stringify(discord.channels),
    RIG_CTO: "maria",
    // A demo hour has a minute.
    GITHUB_WRITES: "6000/100000",
    LOG_LEVEL: "info",
  };
}
