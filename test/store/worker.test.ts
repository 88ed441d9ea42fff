import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { TaskList } from "graphile-worker";
import { startWorker, type Worker, type WorkerSettings } from "../../app/store/worker.ts";
import { asOwner, notify, openTestStore, stale, type TestStore, until } from "./support.ts";

let world: TestStore;
let workers: Worker[] = [];
let children: ChildProcess[] = [];
beforeEach(async () => {
  world = await openTestStore();
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  children = [];
  await world.close();
});

const quick = { leaseMs: 1500, renewEveryMs: 300, unlockEveryMs: 200, pollMs: 100 };

async function work(tasks: TaskList, more: Partial<WorkerSettings> = {}): Promise<Worker> {
  const worker = await startWorker({
    database: world.database,
    store: world.store,
    tasks,
    concurrency: 2,
    log: () => {},
    ...quick,
    ...more,
  });
  workers.push(worker);
  return worker;
}

/** Starts another process of the app, and waits until it has taken the job. */
async function hangElsewhere(line: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("hanging-worker.ts", import.meta.url)), world.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toBe(`${line}\n`);
  return child;
}

test("a job runs soon after the append that asked for it", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  await work({ look: async (payload) => resolve(payload) }, { pollMs: 60_000 });
  await world.store.append({ stream: "acme/shop#1", expectedVersion: 0, events: [stale()], jobs: [{ task: "look", payload: { n: 1 } }] });
  expect(await promise).toEqual({ n: 1 });
});

test("the job of a killed process resumes in another when its lease is over, and not while it lives", async () => {
  await world.store.addJobs([{ task: "hang", payload: {}, key: "hang" }]);
  const child = await hangElsewhere("hang");
  let resumed = 0;
  await work({ hang: async () => void resumed++ });

  const alive = Date.now() + 2 * quick.leaseMs;
  await until(async () => Date.now() > alive);
  expect(resumed).toBe(0);

  child.kill("SIGKILL");
  await until(async () => resumed > 0);
  expect(resumed).toBe(1);
});

test("an effect that a killed process held is claimed by another without waiting for its own lease, as one of unknown outcome", async () => {
  await world.store.append({ stream: "acme/shop#1", expectedVersion: 0, events: [stale()], commands: [notify("held")] });
  const child = await hangElsewhere("effect true");
  child.kill("SIGKILL");
  const { promise, resolve } = Promise.withResolvers<unknown>();
  await work({ effect: async () => resolve(await world.store.claimEffect("held", 60_000)) });
  expect(await promise).toMatchObject({ unknown: true, epoch: 2 });
});

test("a stop lets running jobs end and gives the lease back", async () => {
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const { promise: finish, resolve: end } = Promise.withResolvers<void>();
  let done = false;
  const worker = await work({
    slow: async () => {
      start();
      await finish;
      done = true;
    },
  });
  await world.store.addJobs([{ task: "slow", payload: {} }]);
  await started;
  const stopped = worker.stop();
  end();
  await stopped;
  workers = [];
  expect(done).toBe(true);
  expect(worker.isRunning()).toBe(false);
  expect((await world.database.pool.query("select from graphile_worker.jobs")).rows).toEqual([]);
  expect((await world.database.pool.query("select from rig.workers")).rows).toEqual([]);
});

test("a stop does not wait for ever: what still runs is left for another", async () => {
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const worker = await work({ stuck: () => new Promise(() => start()) }, { stopWithinMs: 200 });
  await world.store.addJobs([{ task: "stuck", payload: {}, key: "stuck" }]);
  await started;
  await worker.stop();
  workers = [];
  const { rows } = await world.database.pool.query("select locked_at from graphile_worker.jobs where key = 'stuck'");
  expect(rows).toEqual([{ locked_at: null }]);
});

test("a job that throws is logged with its error, and comes again", async () => {
  const heard: unknown[] = [];
  let attempts = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  await work(
    {
      fails: async () => {
        attempts++;
        if (attempts === 1) throw new Error("not yet");
        resolve();
      },
    },
    { log: (level, _, error) => level === "error" && heard.push(error) },
  );
  await world.store.addJobs([{ task: "fails", payload: {} }]);
  await promise;
  expect(heard).toEqual([expect.objectContaining({ message: "not yet" })]);
});

test("a lost connection does not end the worker", async () => {
  let ran = 0;
  await work({ look: async () => void ran++ });
  await asOwner(
    world,
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await until(() =>
    world.store.addJobs([{ task: "look", payload: {} }]).then(
      () => true,
      () => false,
    ),
  );
  await until(async () => ran > 0);
});

test("a worker that could not read its tasks when it began takes jobs once it can", async () => {
  let failed = false;
  let ran = 0;
  await asOwner(world, "revoke all on graphile_worker._private_tasks from rig_app");
  const log = (_: string, message: string) => {
    failed ||= message.includes("Failed to acquire job");
  };
  await work({ look: async () => void ran++ }, { log });
  await until(async () => failed);
  await asOwner(world, "grant all on graphile_worker._private_tasks to rig_app");
  await world.store.addJobs([{ task: "look", payload: {} }]);
  await until(async () => ran > 0);
});

test("a worker that could not write down how several jobs ended takes jobs once the database is back", async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("unwritten-worker.ts", import.meta.url)), world.url], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toBe("went on\n");
}, 180_000);
