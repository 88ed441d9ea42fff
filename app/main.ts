/** The program: config, database, door, worker, and a stop that loses nothing. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "../agents/runtime/errors.ts";
import { redactor } from "../agents/runtime/redact.ts";
import { admit } from "./admit.ts";
import { createBacktest } from "./backtest.ts";
import { characterIn, loadCharacters } from "./characters.ts";
import type { Conductor } from "./conductor.ts";
import { type Config, readConfig } from "./config.ts";
import { hookRoutes } from "./door/hooks/routes.ts";
import { oidcVerifier } from "./door/oidc.ts";
import { startDoor } from "./door/server.ts";
import { connectDiscord } from "./executors/discord.ts";
import { connectGitHub } from "./github.ts";
import { listen } from "./hear.ts";
import { createLog } from "./log.ts";
import { measureStore } from "./metrics-from-store.ts";
import { checkFailures } from "./observe/check-logs.ts";
import { createMemory } from "./observe/memory.ts";
import { lastGood } from "./policies.ts";
import { startRound } from "./rounds/start.ts";
import { speak } from "./speak.ts";
import { openDatabase } from "./store/database.ts";
import { createStore } from "./store/store.ts";
import { startWorker } from "./store/worker.ts";
import { historyOf, sync } from "./sync.ts";
import { crontab, tasks } from "./tasks.ts";
import { startTracing, traced } from "./tracing.ts";
import { createWeb } from "./web/web.ts";

/** F24: load balancers learn from `/readyz` before the listener closes. */
const SERVE_ON_MS = 5_000;
/** Jobs mostly wait for GitHub. */
const CONCURRENCY = 16;
const POOL_SIZE = 30;

const here = join(import.meta.dirname, "..");

export async function main(config: Config): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const redact = redactor(config.secrets);
  const log = createLog({ level: config.logLevel, redact });
  const tracing = await startTracing(config.otlpEndpoint);
  const characters = await loadCharacters(join(here, "agents"), config.agentsFolder);
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    poolSize: POOL_SIZE,
    dataDir: join(here, ".rig", "pg"),
    onError: (error) => log.error({ err: error }, "a database connection was lost"),
  });
  await database.migrate();
  const store = createStore(database.pool);
  const github = connectGitHub(config, log);
  const conductor: Conductor = {
    store,
    github,
    memory: createMemory(),
    discord: connectDiscord(
      {
        ...config.discord,
        githubUrl: config.githubUrl,
        dashboardUrl: () => conductor.publicUrl(),
        warn: (message) => log.warn(message),
      },
      redact,
    ),
    config,
    characters,
    publicUrl: () => config.publicUrl ?? door.url,
    redact,
    log,
    now: () => new Date(),
  };
  const web = createWeb({
    store,
    tokens: config.apiTokens,
    githubUrl: config.githubUrl,
    paused: config.paused,
    now: conductor.now,
    backtest: createBacktest(conductor),
    speak: async (words) => {
      const answer = await speak(conductor, words);
      if ("result" in answer && answer.result === "rejected") door.metrics.rejectedEvents.inc({ type: words.type });
      return answer;
    },
  });
  const hooks = hookRoutes({ store, tokens: config.apiTokens, fluxSecret: config.fluxHookSecret, redact, log, now: conductor.now });
  let worker: Awaited<ReturnType<typeof startWorker>> | undefined;
  const door = await startDoor({
    host: config.host,
    port: config.port,
    metricsPort: config.metricsPort,
    webhooks: { secrets: config.webhookSecrets, appIds: [config.app.id], store: store.storeDelivery },
    checks: {
      database: async () => void (await database.pool.query("select 1")),
      migrations: async () => void (await database.pool.query("select from rig.head")),
      worker: async () => {
        if (!worker?.isRunning()) throw new Error("The worker does not run.");
      },
    },
    desk: {
      store,
      record: (subject, said, cause) => sync(conductor, subject, cause, said),
      issueOf: async (stream) => (await historyOf(store, stream)).issue,
      policyOf: async (repositoryId) => {
        const repository = await store.repository(repositoryId);
        if (!repository) throw new Error(`Repository ${repositoryId} is not known.`);
        return lastGood(repository);
      },
      character: (agent, repositoryId) => characterIn(conductor, characters, agent, repositoryId),
      mintToken: github.mintToken,
      admit: (...asked) => admit(conductor, ...asked),
      startRound: (...asked) => startRound(conductor, ...asked),
      failures: async ({ installationId, owner, repo }, headSha, checks, signal) => {
        const found = await checkFailures({ octokit: await github.installation(installationId), owner, repo }, headSha, checks, signal);
        return found.map(({ name, text, annotations }) => ({
          ...{ name, text: redact(text) },
          annotations: annotations.map((one) => ({ ...one, text: redact(one.text) })),
        }));
      },
      verifyOidc: oidcVerifier(config.oidcIssuer, () => new Date()),
      now: () => new Date(),
      githubUrl: config.githubUrl,
      publicUrl: config.publicUrl,
    },
    upstream: config.anthropic,
    redact,
    more: [hooks, web.routes],
    log,
  }).catch(async (error: unknown) => {
    await database.close();
    if (codeOf(error) !== "EADDRINUSE") throw error;
    throw new Error(`PORT is ${config.port}, which another program has on ${config.host}: stop that program, or set another PORT.`);
  });
  measureStore(door.metrics.registry, { store, github, now: conductor.now, log });
  await listen(conductor);
  worker = await startWorker({
    database,
    store,
    tasks: traced(tasks(conductor)),
    crontab,
    concurrency: CONCURRENCY,
    // What the worker tells of every job is only for looking closely.
    log: (level, message, err) => log[level === "warning" ? "warn" : level === "info" ? "debug" : level]({ err }, message),
  });
  // What happened while nobody listened is looked for at once.
  await store.addJobs([{ task: "coordinate", payload: {}, key: "coordinate:start" }]);
  log.info({ url: door.url, metrics: door.metricsUrl }, "The Conductor listens");

  const stop = async () => {
    door.drain();
    await Promise.all([worker?.stop(), sleep(SERVE_ON_MS)]);
    await web.close();
    await door.close();
    await database.close();
    await tracing.stop();
  };
  return { url: door.url, stop };
}

if (import.meta.main) {
  try {
    const { stop } = await main(readConfig());
    let stopping = false;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (stopping) return;
        stopping = true;
        void stop().then(() => process.exit(0));
      });
    }
  } catch (error) {
    // Whoever starts the program gets a sentence, not a stack.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
