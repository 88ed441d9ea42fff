/**
 * How many events a second the store appends (single events to distinct streams, with an expected version), against a bare prepared INSERT
 * through the same pool and against Emmett's Postgres store. Rounds are interleaved, because machines are noisy: what counts is the ratios.
 * `node bench/append.ts [seconds a measurement] [rounds]`
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import pg from "pg";
import { openDatabase } from "../app/store/database.ts";
import { createStore } from "../app/store/store.ts";

const [seconds = 2, rounds = 3] = process.argv.slice(2).map(Number);
const POOL = 32;
const goals = { 1: { raw: 0.6, emmett: 1.5 }, 8: { raw: 0.75, emmett: 2.5 }, 32: { raw: 1.2, emmett: 5 } } as const;
type InFlight = keyof typeof goals;
const levels = [1, 8, 32] as const satisfies readonly InFlight[];

const place = mkdtempSync(join(tmpdir(), "rig-bench-"));
chmodSync(place, 0o755); // So that the server's account gets in, and everything is gone afterwards.
const database = await openDatabase({ dataDir: place, poolSize: POOL });
await database.migrate();
const owner = new pg.Client({ connectionString: database.url });
await owner.connect();
await owner.query("create database emmett");
await owner.query(`
  create table public.bare (position bigint generated always as identity primary key, stream text not null, version int not null, type text not null,
    data jsonb not null, actor jsonb not null, recorded_at timestamptz not null default now(), unique (stream, version));
  grant insert on public.bare to rig_app`);

const { append } = createStore(database.pool);
const emmettUrl = new URL(database.url);
emmettUrl.pathname = "/emmett";
const emmettPool = new pg.Pool({ connectionString: emmettUrl.href, max: POOL });
const emmett = getPostgreSQLEventStore(emmettUrl.href, { connectionOptions: { pool: emmettPool } });
await emmett.schema.migrate();

const type = "GUARD_BLOCKED" as const;
const data = {
  runId: "3666701b-c584-87e3-991f-8f9d1bcae67a",
  rule: "R10",
  detail: "The patch touches .github/workflows/ci.yml, which only a code owner may change. ".repeat(3),
};
const actor = { kind: "agent", login: "dev-e-1", id: 0 } as const;
let stream = 0;

const contestants = {
  raw: () => {
    const values = [`acme/shop#${++stream}`, 1, type, JSON.stringify(data), JSON.stringify(actor)];
    return database.pool.query({
      name: "bare",
      text: "insert into public.bare (stream, version, type, data, actor) values ($1, $2, $3, $4, $5)",
      values,
    });
  },
  rig: async () => {
    const event = { type, data, actor, causationId: "bench", correlationId: "bench" };
    // @ts-expect-error the brand of a run id is not worth a parse in a loop that is measured
    const { result } = await append({ stream: `acme/shop#${++stream}`, expectedVersion: 0, events: [event] });
    if (result !== "accepted") throw new Error(`The append was not accepted: ${result}`);
  },
  emmett: () =>
    emmett.appendToStream(`acme-${++stream}`, [{ type, data, metadata: { actor } }], { expectedStreamVersion: "STREAM_DOES_NOT_EXIST" }),
};
type Contestant = keyof typeof contestants;
const names = ["raw", "rig", "emmett"] as const satisfies readonly Contestant[];

interface Measured {
  readonly perSecond: number;
  /** Milliseconds that 99 of 100 calls stay under. */
  readonly p99: number;
}

async function measure(act: () => Promise<unknown>, inFlight: number): Promise<Measured> {
  const took: number[] = [];
  const begun = performance.now();
  const loop = async () => {
    while (performance.now() - begun < seconds * 1000) {
      const from = performance.now();
      await act();
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  const perSecond = (took.length / (performance.now() - begun)) * 1000;
  return { perSecond, p99: took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? 0 };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function run(): Promise<void> {
  const results = new Map<string, Measured[]>();
  for (const name of names) await measure(contestants[name], 8); // Warm up: connections, prepared statements, compiled code.
  for (let round = 0; round < rounds; round++) {
    for (const level of levels) {
      for (const name of names) {
        const key = `${name}/${level}`;
        results.set(key, [...(results.get(key) ?? []), await measure(contestants[name], level)]);
      }
    }
  }

  const perSecond = (name: Contestant, level: InFlight) =>
    median((results.get(`${name}/${level}`) ?? []).map((measured) => measured.perSecond));
  const p99 = (name: Contestant, level: InFlight) => median((results.get(`${name}/${level}`) ?? []).map((measured) => measured.p99));
  let missed = 0;
  console.log(`events/s, median of ${rounds} interleaved rounds of ${seconds} s; goals in brackets`);
  for (const level of levels) {
    const [raw, rig, other] = names.map((name) => perSecond(name, level)) as [number, number, number];
    const [toRaw, toEmmett] = [rig / raw, rig / other];
    if (toRaw < goals[level].raw || toEmmett < goals[level].emmett) missed++;
    console.log(
      `${String(level).padStart(2)} in flight: raw ${raw.toFixed(0)}, rig ${rig.toFixed(0)}, emmett ${other.toFixed(0)}` +
        ` | to raw ${toRaw.toFixed(2)} (≥ ${goals[level].raw}), to emmett ${toEmmett.toFixed(2)} (≥ ${goals[level].emmett})` +
        ` | p99 raw ${p99("raw", level).toFixed(1)} ms, rig ${p99("rig", level).toFixed(1)} ms`,
    );
  }
  process.exitCode = missed > 0 ? 1 : 0;
}

try {
  await run();
} finally {
  await emmett.close();
  await emmettPool.end();
  await owner.end();
  await database.close();
  rmSync(place, { recursive: true, force: true });
}
