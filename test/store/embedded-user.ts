/** A process of the app on the embedded Postgres: `node embedded-user.ts <data directory> [close]`. It appends an event, says so, and waits unless it is to close. */
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";

const [, , dataDir, close] = process.argv;
const database = await openDatabase({ dataDir, poolSize: 2 });
await database.migrate();
const appended = await createStore(database.pool).append({
  stream: "acme/shop#1",
  expectedVersion: null,
  events: [
    {
      type: "APPROVAL_STALE",
      data: { changedBy: "mona", newHash: "h" },
      actor: { kind: "app", login: "conductor-e", id: 0 },
      causationId: "test",
      correlationId: "test",
    },
  ],
});
process.stdout.write(`${appended.result} as version ${"version" in appended ? appended.version : "none"}\n`);
if (close) await database.close();
else setInterval(() => {}, 60_000);
