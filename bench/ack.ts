/**
 * How fast the door acknowledges, against a handler that only inserts the body through the same pool: `npm exec -c 'node bench/ack.ts'`.
 * Database, both servers and the load share this machine, so only the ratios say something. `SECONDS=30` measures longer.
 */
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import autocannon from "autocannon";
import pg from "pg";
import { WEBHOOK_PATH, webhookHandler } from "../app/door/webhooks.ts";
import { createLog } from "../app/log.ts";
import { openDatabase } from "../app/store/database.ts";
import { createStore } from "../app/store/store.ts";

const SECONDS = Number(process.env.SECONDS ?? 5);
const ROUNDS = 3;
const GOAL = 0.8;
const CONNECTIONS = 32;

const secret = randomUUID();
const appId = 1;
const body = JSON.stringify({ action: "labeled", text: "x".repeat(20_000) });
const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

const directory = mkdtempSync(path.join(tmpdir(), "rig-bench-"));
const database = await openDatabase({ dataDir: directory });
await database.migrate();
const owner = new pg.Client({ connectionString: database.url });
await owner.connect();
await owner.query("create table rig.bench_bodies (guid uuid primary key, raw bytea); grant insert on rig.bench_bodies to rig_app");

const log = createLog({ level: "warn", redact: (text) => text });
const { storeDelivery } = createStore(database.pool);
const underWay = new Set<Promise<unknown>>();
const store: typeof storeDelivery = (delivery) => {
  const storing = storeDelivery(delivery).finally(() => underWay.delete(storing));
  underWay.add(storing);
  return storing;
};
const door = await serve(createServer(webhookHandler({ secrets: [secret], appIds: [appId], store, count: () => {}, log })));
const bare = await serve(
  createServer(async (request, response) => {
    const raw = await buffer(request);
    await database.pool.query({
      name: "bare",
      text: "insert into rig.bench_bodies values ($1, $2)",
      values: [request.headers["x-github-delivery"], raw],
    });
    response.writeHead(202, { "content-type": "application/json" }).end('{"result":"stored"}');
  }),
);

const measured = { door: [] as Figures[], bare: [] as Figures[] };
await measure(door.url); // The first run pays for connections, plans and the compiler.
for (let round = 0; round < ROUNDS; round++) {
  measured.bare.push(await measure(bare.url));
  measured.door.push(await measure(door.url));
}
print();
await Promise.allSettled(underWay); // The load ends without waiting for its last answers.
await Promise.all([door.close(), bare.close(), owner.end()]);
await database.close();
rmSync(directory, { recursive: true, force: true });

interface Figures {
  /** Milliseconds at 100 a second. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** A second, as fast as it goes. */
  readonly rate: number;
}

async function measure(url: string): Promise<Figures> {
  const steady = await load(url, { overallRate: 100, connections: 10 });
  const flatOut = await load(url, { connections: CONNECTIONS });
  return { p50: steady.latency.p50, p99: steady.latency.p99, max: steady.latency.max, rate: flatOut.requests.average };
}

async function load(url: string, how: Partial<autocannon.Options>): Promise<autocannon.Result> {
  const headers = {
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-hook-installation-target-id": String(appId),
    "x-hub-signature-256": signature,
  };
  const setupRequest = (request: autocannon.Request) => ({ ...request, headers: { ...headers, "x-github-delivery": randomUUID() } });
  const result = await autocannon({
    url: url + WEBHOOK_PATH,
    method: "POST",
    body,
    duration: SECONDS,
    requests: [{ setupRequest }],
    ...how,
  });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx} of ${result.requests.total} answers at ${url} were not 2xx, ${result.errors} requests failed.`);
  return result;
}

function print(): void {
  const of = (who: Figures[], what: keyof Figures) =>
    who.map((figures) => figures[what]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  const line = (label: string, what: keyof Figures) =>
    console.log(
      `${label.padEnd(28)} door ${of(measured.door, what).toFixed(1).padStart(8)}   bare insert ${of(measured.bare, what).toFixed(1).padStart(8)}`,
    );
  line("p50 at 100/s (ms)", "p50");
  line("p99 at 100/s (ms, goal 50)", "p99");
  line("max at 100/s (ms, goal 500)", "max");
  line(`rate at ${CONNECTIONS} connections (/s)`, "rate");
  const ratio = of(measured.door, "rate") / of(measured.bare, "rate");
  console.log(
    `door / bare insert: ${ratio.toFixed(2)} (goal ${GOAL}) ${ratio >= GOAL ? "reached" : "missed"}; medians of ${ROUNDS} rounds of ${SECONDS} s`,
  );
}

async function serve(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, close };
}
