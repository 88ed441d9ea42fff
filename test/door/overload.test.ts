import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { largeBodies, readBody } from "../../app/door/webhooks/body.ts";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { layCable } from "./cable.ts";
import { deliver, headersFor } from "./delivery.ts";
import { type Stand, startStand } from "./stand.ts";

let stand: Stand;
let cable: Awaited<ReturnType<typeof layCable>>;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const own = await createTestDatabase();
  cable = await layCable(own.url);
  const database = await openDatabase({ databaseUrl: cable.url });
  const { storeDelivery } = createStore(database.pool);
  const checks = { database: async () => void (await database.pool.query("select 1")), migrations: async () => {}, worker: async () => {} };
  stand = await startStand({ deps: { webhooks: { secrets: [headersKey], appIds: [4242], store: storeDelivery }, checks } });
  closing.push(
    () => stand.close(),
    database.close,
    () => cable.close(),
    own.close,
  );
  owner = await openDatabase({ databaseUrl: own.url });
  closing.unshift(owner.close);
});
afterAll(async () => {
  for (const close of closing) await close();
});

const headersKey = "a-webhook-secret-of-thirty-two-bytes";
const body = '{"zen":"Keep it logically awesome."}';
let owner: Awaited<ReturnType<typeof openDatabase>>;

async function timed<T>(work: Promise<T>): Promise<T & { ms: number }> {
  const begun = performance.now();
  return { ...(await work), ms: performance.now() - begun };
}

test("without its database the door answers 503 within two seconds, is unready, and recovers by itself", async () => {
  expect(await deliver(stand.url, body)).toMatchObject({ status: 202 });
  expect((await fetch(`${stand.url}/readyz`)).status).toBe(200);

  cable.pull();
  const refused = await timed(deliver(stand.url, body));
  expect(refused).toMatchObject({ status: 503, answer: { error: expect.any(String) }, retryAfter: "1" });
  expect(refused.ms).toBeLessThan(2_000);
  const unready = await fetch(`${stand.url}/readyz`);
  expect([unready.status, await unready.json()]).toEqual([
    503,
    expect.objectContaining({ status: "unready", database: "failing", worker: "ok" }),
  ]);
  expect((await fetch(`${stand.url}/healthz`)).status).toBe(200);

  cable.plugIn();
  expect(await deliver(stand.url, body)).toMatchObject({ status: 202, answer: { result: "stored" } });
  expect((await fetch(`${stand.url}/readyz`)).status).toBe(200);
});

test("a database that hangs costs two seconds, never a false acknowledgement", async () => {
  const headers = headersFor(body);
  const client = await owner.pool.connect();
  await client.query("reset role");
  await client.query("set idle_in_transaction_session_timeout = 0");
  await client.query("begin; lock table rig.deliveries in access exclusive mode");
  const refused = await timed(deliver(stand.url, body, headers));
  expect(refused.status).toBe(503);
  expect(refused.ms).toBeLessThan(2_000);
  await client.query("rollback");
  client.release();
  // GitHub delivers again: stored now, or known because the first attempt got through after all.
  expect(await deliver(stand.url, body, headers)).toMatchObject({ status: 202 });
});

test("a store that throws is a 503, and the reason is in the log only", async () => {
  const other = await startStand({
    deps: {
      webhooks: {
        secrets: [headersKey],
        appIds: [4242],
        store: async () => {
          throw new Error("the disk is full");
        },
      },
    },
  });
  const refused = await deliver(other.url, body);
  expect([refused.status, JSON.stringify(refused.answer)]).toEqual([503, expect.not.stringContaining("disk")]);
  expect(other.lines.join("")).toContain("the disk is full");
  await other.close();
});

test("at most four large bodies are taken at once; small ones pass by", async () => {
  const { hostname, port } = new URL(stand.url);
  const large = Buffer.alloc(2 * 1024 * 1024, " ");
  const headers = { ...headersFor(large), "x-github-delivery": randomUUID() };
  const head = [
    "POST /api/github/webhooks HTTP/1.1",
    "host: door",
    ...Object.entries({ ...headers, "content-length": large.length }).map(([name, value]) => `${name}: ${value}`),
  ];
  const slow = await Promise.all(
    Array.from({ length: 4 }, () => {
      const socket = net.connect(Number(port), hostname).on("error", () => {});
      socket.write(`${head.join("\r\n")}\r\nexpect: 100-continue\r\n\r\n`);
      // The door's "100 Continue" says that it reads this body now.
      return new Promise<net.Socket>((resolve) => socket.once("data", () => resolve(socket)));
    }),
  );
  expect(await deliver(stand.url, large)).toMatchObject({ status: 503, retryAfter: "1" });
  expect(await deliver(stand.url, body)).toMatchObject({ status: 202 });
  for (const socket of slow) socket.destroy();
  await until(async () => (await deliver(stand.url, large)).status === 202);
});

test("whoever sends too slowly is given up at the deadline", async () => {
  const server = createServer(async (request, response) => response.end((await readBody(request, largeBodies(), 50)).outcome));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = net.connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc");
  const heard = await new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(chunk.toString())));
  expect(heard).toContain("gone");
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await holds())) if (performance.now() > deadline) throw new Error("It did not come true within five seconds.");
}
