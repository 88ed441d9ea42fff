import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createPool } from "../../app/store/connect.ts";
import { createStore, type Store } from "../../app/store/store.ts";
import { asOwner, openTestStore, stale, type TestStore, until } from "./support.ts";

let world: TestStore;
beforeEach(async () => {
  world = await openTestStore();
});
afterEach(() => world.close());

interface Observed {
  readonly accepted: number;
  readonly failed: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  readonly gaps: number;
}

const STREAMS = 200;
const REPLICAS = 3;
const IN_FLIGHT = 64;

/** Replicas append as fast as they can to streams they share, while a reader polls for what is new; then its book is compared with theirs. */
async function observe(appends: number): Promise<Observed> {
  const pools = Array.from({ length: REPLICAS }, () => createPool({ url: world.url, poolSize: 2, onError: () => {} }));
  const acknowledged = new Set<number>();
  let started = 0;
  let failed = 0;
  let writing = true;

  async function write(store: Store): Promise<void> {
    while (started < appends) {
      const stream = `acme/shop#${started++ % STREAMS}`;
      const result = await store.append({ stream, expectedVersion: null, events: [stale()] }).catch(() => undefined);
      if (result?.result === "accepted") acknowledged.add(result.position);
      else failed++;
    }
  }

  const seen = new Set<number>();
  const versions = new Map<string, number>();
  let doubled = 0;
  let outOfOrder = 0;
  let last = 0;
  async function read(): Promise<void> {
    for (let finished = false; !finished; ) {
      finished = !writing;
      const news = await world.store.readAll(last, 10_000);
      for (const { position, stream, version } of news) {
        if (seen.has(position)) doubled++;
        if (version !== (versions.get(stream) ?? 0) + 1) outOfOrder++;
        seen.add(position);
        versions.set(stream, version);
        last = position;
      }
      if (news.length > 0) finished = false;
    }
  }

  const reading = read();
  await Promise.all(pools.map(createStore).flatMap((store) => Array.from({ length: IN_FLIGHT }, () => write(store))));
  writing = false;
  await reading;
  await Promise.all(pools.map((pool) => pool.end()));
  return {
    accepted: acknowledged.size,
    failed,
    lost: [...acknowledged].filter((position) => !seen.has(position)).length,
    doubled,
    outOfOrder,
    gaps: last - seen.size,
  };
}

test("of 100,000 appends by three replicas a polling reader misses none, sees none twice and each in its order, without a gap", async () => {
  expect(await observe(100_000)).toEqual({ accepted: 100_000, failed: 0, lost: 0, doubled: 0, outOfOrder: 0, gaps: 0 });
}, 180_000);

test("the same observation finds what is lost when positions come from a sequence, without the lock", async () => {
  const lock = [/^.*pg_advisory_xact_lock.*$/m, "null;"] as const;
  const one = replaced(await textOf("rig.append_one"), lock, [
    "update head h set position = h.position + 1 where one returning h.position",
    "select nextval('rig.loose') as position",
  ]);
  const plain = replaced(
    await textOf("rig.append_plain"),
    lock,
    [/h\.position \+ count\(\*\).* as position/, "nextval('rig.loose') as position"],
    ["where m.last is not null", "where false"],
  );
  await asOwner(world, `create sequence rig.loose; ${one}; ${plain}`);
  let lost = 0;
  // A loss is a matter of two commits crossing under the reader's eyes: it comes sooner or later.
  for (let round = 0; round < 8 && lost === 0; round += 1) lost = (await observe(10_000)).lost;
  expect(lost).toBeGreaterThan(0);
}, 180_000);

test("without the lock alone, two batches at once give out the same positions", async () => {
  await asOwner(world, replaced(await textOf("rig.append_batch"), [/^.*pg_advisory_xact_lock.*$/m, ""]));
  const append = (stream: string) =>
    `select status from rig.append_batch(array['${stream}'], array[1], array[null::int], array[1], array[null::jsonb], array['X'], array['{}'::jsonb], array['{}'::jsonb], array[''], array[''], array[null], array[null::timestamptz])`;
  const [one, other] = [await world.database.pool.connect(), await world.database.pool.connect()];
  try {
    const { rows } = await other.query<{ pid: number }>("select pg_backend_pid() as pid");
    await one.query(`begin; ${append("acme/shop#1")}`);
    const second = other.query(append("acme/shop#2")).then(
      () => "accepted",
      (error: Error) => error.message,
    );
    await until(
      async () => (await world.database.pool.query("select where cardinality(pg_blocking_pids($1)) > 0", [rows[0]?.pid])).rows.length > 0,
    );
    await one.query("commit");
    expect(await second).toContain("events_pkey");
  } finally {
    one.release();
    other.release();
  }
});

async function textOf(name: string): Promise<string> {
  const { rows } = await world.database.pool.query<{ text: string }>("select pg_get_functiondef($1::regproc) as text", [name]);
  return rows[0]?.text ?? "";
}

/** The text with each part replaced; a part that is not there is a mistake in this test. */
const replaced = (text: string, ...parts: (readonly [string | RegExp, string])[]): string =>
  parts.reduce((before, [part, by]) => {
    const after = before.replace(part, by);
    expect(after).not.toBe(before);
    return after;
  }, text);
