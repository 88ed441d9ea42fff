/**
 * A process of the app that cannot write down how four jobs ended, one after the other, and then can again: `node unwritten-worker.ts
 * <database URL>`. It says whether it took another job after that. graphile-worker leaves timers behind then, so it is a process of its own.
 */
import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { startWorker } from "../../app/store/worker.ts";
import { asOwner, until } from "./support.ts";

const PATIENCE_MS = 15_000;
const url = process.argv[2] ?? "";
const database = await openDatabase({ databaseUrl: url });
const store = createStore(database.pool);
const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
let begun = 0;
let unwritten = 0;
const looked = Promise.withResolvers<true>();

await startWorker({
  ...{ database, store, concurrency: 4, leaseMs: 1500, renewEveryMs: 300, unlockEveryMs: 200, pollMs: 100, giveUpWithinMs: 500 },
  log: (_, message) => {
    if (/Failed to (complete|fail) jobs/.test(message)) unwritten += 1;
  },
  tasks: {
    slow: async (payload) => {
      begun += 1;
      const { nth } = payload as { readonly nth: number };
      await gates[nth]?.promise;
      if (nth % 2 === 1) throw new Error("It failed.");
    },
    look: async () => looked.resolve(true),
  },
});
await store.addJobs(gates.map((_, nth) => ({ task: "slow", payload: { nth }, key: `slow:${nth}` })));
await until(async () => begun === 4);
await asOwner({ url }, "revoke update, delete on graphile_worker._private_jobs from rig_app");
for (const [nth, gate] of gates.entries()) {
  gate.resolve();
  await until(async () => unwritten > nth);
}
await asOwner({ url }, "grant update, delete on graphile_worker._private_jobs to rig_app");
await store.addJobs([{ task: "look", payload: {} }]);
process.stdout.write((await Promise.race([looked.promise, pause(PATIENCE_MS, false)])) ? "went on\n" : "stands still\n");
process.exit(0);
