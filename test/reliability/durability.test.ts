import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import examples from "@octokit/webhooks-examples/api.github.com/index.json" with { type: "json" };
import pg from "pg";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { appId, secret } from "../door/delivery.ts";
import { startStand } from "../door/stand.ts";
import type { Outgoing } from "../world/github/webhooks/delivery.ts";
import { startCrashingPostgres } from "./crashing-postgres.ts";
import { judge, type Verdict, verdictLine } from "./ledger.ts";
import { seeded } from "./seeded.ts";
import { isAcknowledged, openSender } from "./sender.ts";

const DELIVERIES = 600;
const CONNECTIONS = 8;
const CRASHES = 3;

const payloads = examples.find(({ name }) => name === "issues")?.examples ?? [];
const [payload] = payloads;

/** Delivers to a door while the server below it is killed again and again, and counts what is there in the end. */
async function survivors(synchronousCommit: "on" | "off"): Promise<Verdict> {
  const { seed, between } = seeded();
  const sender = openSender();
  const postgres = await startCrashingPostgres();
  const closers = [postgres.close];
  try {
    const database = await openDatabase({ databaseUrl: postgres.url, poolSize: CONNECTIONS });
    closers.unshift(database.close);
    await database.migrate();
    // After the app has made sure of the setting: every connection of its pool is made later, and has this one.
    await say(postgres.url, `alter role current_user set synchronous_commit = ${synchronousCommit}`);
    const stand = await startStand({
      deps: { webhooks: { secrets: [secret], appIds: [appId], store: createStore(database.pool).storeDelivery } },
    });
    closers.unshift(stand.close);

    const deliveries = Array.from({ length: DELIVERIES }, () => issueDelivery(`${stand.url}/api/github/webhooks`));
    let next = 0;
    const speak = async () => {
      const line = sender.connect();
      for (let delivery = deliveries[next++]; delivery; delivery = deliveries[next++]) await line.deliver(delivery);
    };
    const crash = async () => {
      const share = DELIVERIES / CRASHES;
      for (let nth = 0; nth < CRASHES; nth += 1) {
        const moment = share * nth + between(0.2 * share, 0.8 * share);
        while (sender.attempts.filter(isAcknowledged).length < moment) await pause(1, undefined, { signal: sender.over });
        await postgres.crash();
        await postgres.restart();
      }
    };
    await Promise.all([crash(), ...Array.from({ length: CONNECTIONS }, speak)]);
    const rows = await say<{ guid: string }>(postgres.url, "select guid from rig.deliveries");
    const verdict = judge(
      sender.attempts,
      rows.map(({ guid }) => guid),
    );
    process.stdout.write(verdictLine(`synchronous_commit=${synchronousCommit}, ${CRASHES} crashes, SEED=${seed}`, verdict));
    return verdict;
  } finally {
    sender.close();
    for (const close of closers) await close();
  }
}

async function say<R extends pg.QueryResultRow>(url: string, sql: string): Promise<readonly R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<R>(sql);
  await client.end();
  return rows;
}

const issueDelivery = (url: string): Outgoing => ({
  guid: crypto.randomUUID(),
  appId,
  url,
  secret,
  event: "issues",
  action: "opened",
  installationId: null,
  repositoryId: null,
  payload: {},
  body: JSON.stringify(payload),
  redelivery: false,
});

test("what was acknowledged survives its database being killed", async () => {
  expect(await survivors("on")).toMatchObject({
    attempted: DELIVERIES,
    acknowledged: DELIVERIES,
    stored: DELIVERIES,
    lost: [],
    duplicated: [],
    unexpected: [],
  });
}, 180_000);

test("the same measurement shows the loss where a commit is not flushed", async () => {
  const { lost, acknowledged, stored } = await survivors("off");
  expect(lost.length).toBeGreaterThan(0);
  expect(stored + lost.length).toBe(acknowledged);
}, 180_000);
