import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createPool } from "../../app/store/connect.ts";
import { createStore } from "../../app/store/store.ts";
import { jobKeys, openTestStore, type TestStore } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

const delivery = (guid = randomUUID(), raw: Buffer = Buffer.from("{}")) => ({
  guid,
  event: "issues",
  headers: { "x-github-event": "issues" },
  raw,
  task: "delivery",
});

const jobsOf = async (guid: string): Promise<number> => {
  const { rowCount } = await world.database.pool.query("select from graphile_worker._private_jobs where payload ->> 'guid' = $1", [guid]);
  return rowCount ?? 0;
};

test("a delivery is kept byte for byte, with its job", async () => {
  const raw = Buffer.from([0x7b, 0x00, 0xff, 0xed, 0xa0, 0x80, 0x7d]);
  const one = delivery(undefined, raw);
  expect(await world.store.storeDelivery(one)).toBe("stored");
  expect(await world.store.loadDelivery(one.guid)).toMatchObject({
    guid: one.guid,
    event: "issues",
    headers: one.headers,
    raw,
    state: "stored",
    attempts: 0,
  });
  expect(await jobsOf(one.guid)).toBe(1);
});

test("a delivery that comes again, even at the same moment, is stored and worked on once", async () => {
  const one = delivery();
  const results = await Promise.all(Array.from({ length: 8 }, () => world.store.storeDelivery(one)));
  expect(results.filter((result) => result === "stored")).toHaveLength(1);
  expect(await jobsOf(one.guid)).toBe(1);
});

test("deliveries that come together are each stored once, with a job each", async () => {
  const many = Array.from({ length: 50 }, () => delivery());
  const results = await Promise.all([...many, ...many.slice(0, 10)].map((one) => world.store.storeDelivery(one)));
  expect(results.filter((result) => result === "stored")).toHaveLength(50);
  expect(await Promise.all(many.map(({ guid }) => jobsOf(guid)))).toEqual(many.map(() => 1));
});

test("settling a delivery adds what is to be done about it in the same transaction", async () => {
  const one = delivery();
  await world.store.storeDelivery(one);
  await world.store.settleDelivery(one.guid, "stored", "GitHub said 502\0");
  expect(await world.store.loadDelivery(one.guid)).toMatchObject({ state: "stored", attempts: 1, error: "GitHub said 502" });
  await world.store.settleDelivery(one.guid, "handled", undefined, [{ task: "look", payload: {}, key: `look:${one.guid}` }]);
  expect(await world.store.loadDelivery(one.guid)).toMatchObject({ state: "handled", attempts: 2, error: null });
  expect(await jobKeys(world)).toContain(`look:${one.guid}`);
  await expect(world.store.settleDelivery(randomUUID(), "handled")).rejects.toThrow("There is no delivery");
});

test("a delivery of 25 MB is kept", async () => {
  const one = delivery(undefined, Buffer.alloc(25 * 1024 * 1024, 0x61));
  await world.store.storeDelivery(one);
  expect((await world.store.loadDelivery(one.guid))?.raw?.length).toBe(one.raw.length);
});

test("when the answer to a commit is lost, the delivery is looked up before anybody says that it was stored", async () => {
  const { proxy, store, close } = await behindProxy();
  try {
    const one = delivery();
    proxy.cutNextAnswer("store_deliveries");
    expect(await store.storeDelivery(one)).toBe("stored");
    expect(proxy.cuts()).toBe(1);
    expect(await world.store.loadDelivery(one.guid)).toBeDefined();
  } finally {
    await close();
  }
});

test("when it cannot be looked up either, nobody says that it was stored", async () => {
  const { proxy, store, close } = await behindProxy();
  try {
    proxy.cutNextAnswer("store_deliveries", "for good");
    await expect(store.storeDelivery(delivery())).rejects.toThrow();
    expect(proxy.cuts()).toBe(1);
  } finally {
    await close();
  }
});

async function behindProxy() {
  const proxy = await cuttingProxy(world.url);
  const pool = createPool({ url: proxy.url, poolSize: 1, onError: () => {} });
  const close = async () => {
    await pool.end();
    proxy.close();
  };
  return { proxy, store: createStore(pool), close };
}

/** Postgres on TCP through a proxy that can lose the answer to one statement after the server has carried it out. */
async function cuttingProxy(url: string) {
  const behind = new URL(url);
  const socket = `${behind.searchParams.get("host")}/.s.PGSQL.5432`;
  let cutting: { readonly statement: string; readonly forGood: boolean } | undefined;
  let refusing = false;
  let cuts = 0;
  const server = createServer((client) => {
    if (refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(socket);
    let armed = false;
    client.on("data", (bytes) => {
      armed ||= cutting !== undefined && bytes.includes(cutting.statement);
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (!armed) {
        client.write(bytes);
        return;
      }
      refusing = cutting?.forGood ?? refusing;
      cutting = undefined;
      cuts++;
      client.destroy();
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  behind.searchParams.delete("host");
  behind.host = `127.0.0.1:${address.port}`;
  return {
    url: behind.href,
    cuts: () => cuts,
    cutNextAnswer(statement: string, forGood?: "for good") {
      cutting = { statement, forGood: forGood !== undefined };
    },
    close: () => server.close(),
  };
}
