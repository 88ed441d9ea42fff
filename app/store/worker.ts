import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Runner, run, type TaskList, type WorkerEvents } from "graphile-worker";
import type { Database } from "./database.ts";
import type { Store } from "./store.ts";
import { type WorkerLog, workerLogger } from "./worker-log.ts";
import { LEASE_MS } from "./workers.ts";

export interface WorkerSettings {
  readonly database: Database;
  readonly store: Store;
  readonly tasks: TaskList;
  /** graphile-worker's crontab; each line runs once across all replicas. */
  readonly crontab?: string | undefined;
  readonly concurrency: number;
  readonly log?: WorkerLog | undefined;
  readonly leaseMs?: number | undefined;
  readonly renewEveryMs?: number | undefined;
  readonly unlockEveryMs?: number | undefined;
  readonly pollMs?: number | undefined;
  /** After this a stop no longer waits for running jobs; they run again elsewhere (F24). */
  readonly stopWithinMs?: number | undefined;
  /** How long a worker that could not write down how its jobs ended gets to end itself. */
  readonly giveUpWithinMs?: number | undefined;
}

export interface Worker {
  /** False once it has stopped, and while it waits for its database to come back. */
  isRunning(): boolean;
  /** Takes no new job, lets the running ones end, gives the lease back. */
  stop(): Promise<void>;
}

const BEGIN_AGAIN_MS = 500;
const MOST_FAILURES = 5;

/** Without batches a job whose end cannot be written down, as in an outage of the database, would be an unhandled rejection: the end of the program. */
const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

const toStderr: WorkerLog = (level, message) => {
  if (level === "error" || level === "warning") console.error(message);
};

/** Runs the jobs of this process under a lease, and frees those of processes that lost theirs (G5). */
export async function startWorker({
  database,
  store,
  tasks,
  crontab = "",
  concurrency,
  log = toStderr,
  leaseMs = LEASE_MS,
  renewEveryMs = 5000,
  unlockEveryMs = 10_000,
  pollMs = 2000,
  stopWithinMs = 25_000,
  giveUpWithinMs = 5_000,
}: WorkerSettings): Promise<Worker> {
  let poolId = "";
  let runner: Runner | undefined;
  let leaving = false;
  const events: WorkerEvents = new EventEmitter();
  events.on("pool:create", ({ workerPool }) => {
    poolId = workerPool.id;
  });
  // Nor does it ever end where the ends of several jobs could not be written down at once: it waits for itself.
  let given = Promise.withResolvers<void>();
  events.on("pool:fatalError", ({ workerPool }) => {
    if (workerPool.id === poolId) setTimeout(given.resolve, giveUpWithinMs).unref();
  });
  // graphile-worker 0.18 remembers for ever that it failed to read its task names, and then never takes a job again.
  let failures = 0;
  events.on("worker:getJob:error", () => {
    failures += 1;
  });
  for (const success of ["worker:getJob:empty", "job:start"] as const) {
    events.on(success, () => {
      failures = 0;
    });
  }

  const renew = () => store.renewWorker(poolId, leaseMs);
  const rescue = async () => {
    const dead = await store.unlockDead(leaseMs);
    if (dead.length > 0) log("warning", `Freed the jobs of ${dead.join(", ")}: no sign of life for ${leaseMs / 1000} seconds.`);
    const revived = await store.reviveEffects();
    if (revived > 0) log("warning", `Gave ${revived} open effects a new job: theirs was gone.`);
    if (failures < MOST_FAILURES) return;
    log("error", `The worker could not take a job ${failures} times, though the database answers: it begins again.`);
    failures = 0;
    await runner?.stop("It cannot take jobs.");
  };

  const begin = async (): Promise<Runner> => {
    await rescue();
    const begun = await run({
      pgPool: database.pool,
      taskList: tasks,
      crontab,
      concurrency,
      pollInterval: pollMs,
      noHandleSignals: true,
      events,
      logger: workerLogger(log),
      preset,
    });
    runner = begun;
    // The chore below renews it anyway; a worker that runs is not begun twice.
    await renew().catch((error: unknown) => log("error", `Could not renew the worker's lease: ${messageOf(error)}`, error));
    return begun;
  };

  /** A worker that could not write down how a job ended gives up. Another takes its place, and its jobs are freed like those of any lost one. */
  async function goOn(first: Runner): Promise<void> {
    for (let present: Runner | undefined = first; present; ) {
      const over = present.promise.catch((error: unknown) => log("error", `The worker ended: ${messageOf(error)}`, error));
      await Promise.race([over, given.promise]);
      given = Promise.withResolvers<void>();
      runner = undefined;
      present = undefined;
      while (!present && !leaving) {
        await sleep(BEGIN_AGAIN_MS);
        if (!leaving)
          present = await begin().catch(
            (error: unknown) => void log("error", `The worker could not begin again: ${messageOf(error)}`, error),
          );
      }
      if (leaving) await present?.stop("The program stops.").catch(() => {});
    }
  }

  const ended = goOn(await begin());
  const stopping = new AbortController();
  const chores = [repeat(renew, renewEveryMs, "renew the worker's lease"), repeat(rescue, unlockEveryMs, "free the jobs of lost workers")];

  async function repeat(chore: () => Promise<void>, everyMs: number, what: string): Promise<void> {
    for (;;) {
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      await chore().catch((error: unknown) => log("error", `Could not ${what}: ${messageOf(error)}`, error));
    }
  }

  return {
    isRunning: () => runner !== undefined,
    async stop() {
      leaving = true;
      const done = new AbortController();
      void runner?.stop("The program stops.").catch(() => {});
      const late = sleep(stopWithinMs, true, { signal: done.signal }).catch(() => false);
      if (await Promise.race([late, ended.then(() => false)])) {
        log("warning", `Jobs still ran after ${stopWithinMs / 1000} seconds; they will run again.`);
      }
      done.abort();
      stopping.abort();
      await Promise.all(chores);
      await store.endWorker(poolId);
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
