/** A process of the app whose job never ends: `node hanging-worker.ts <database URL>`. It says when it has the job, and waits to be killed. */
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { startWorker } from "../../app/store/worker.ts";

const database = await openDatabase({ databaseUrl: process.argv[2] });
const store = createStore(database.pool);
const { leaseMs, renewEveryMs } = { leaseMs: 1500, renewEveryMs: 300 };
await startWorker({
  database,
  store,
  concurrency: 1,
  leaseMs,
  renewEveryMs,
  tasks: {
    hang: async () => {
      process.stdout.write("hang\n");
      await new Promise(() => {});
    },
    effect: async () => {
      const claim = await store.claimEffect("held", 600_000);
      process.stdout.write(`effect ${"effect" in claim}\n`);
      await new Promise(() => {});
    },
  },
});
