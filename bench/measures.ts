/**
 * How long `/api/dora` and `/api/cost` take over a long history, against counting its events with a bare SELECT: once where all of it lies
 * in the window, and once where a twelfth does. Rounds are interleaved; what counts is the ratios.
 * `node bench/measures.ts [issues] [rounds]`
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type EventType, parseEvent } from "../app/domain/events.ts";
import { windowOf } from "../app/measures/window.ts";
import { openDatabase } from "../app/store/database.ts";
import { createStore } from "../app/store/store.ts";
import { doraOf, effortOf } from "../app/web/measured.ts";

const [issues = 5_000, rounds = 5] = process.argv.slice(2).map(Number);

const headSha = "a".repeat(40);
const mergeSha = "d".repeat(40);
const pr = { prNumber: 7, headSha };
const run = "11111111-1111-4111-8111-111111111111";
const agentId = "dev-e-1";
const branch = "rig/7-tip-the-waiter-1";
const live = { environment: "production", sha: mergeSha } as const;
const heartbeat = (turns: number) => ({ agentId, status: "working", runId: run, progress: { turns, toolCalls: turns * 2 } });

/** An issue's way to production, as most go. */
const story: readonly (readonly [EventType, object])[] = [
  [
    "ISSUE_APPROVED",
    {
      ...{ title: "Tip the waiter", body: "The bill has to show the tip apart. ".repeat(20), bodyHash: "c".repeat(64), priority: "normal" },
      ...{ dependsOn: [], approvedBy: "mona", actId: "4242" },
    },
  ],
  ["ISSUE_ASSIGNED", { agentId, attempt: 1, branch, runId: run }],
  ["RUN_REQUESTED", { runId: run, agent: "dev-e", agentId, kind: "implement", attempt: 1, branch, baseSha: "b".repeat(40), findings: [] }],
  ["WORK_STARTED", { agentId, runId: run, workflowRunUrl: "https://github.com/acme/shop/actions/runs/1" }],
  ["HEARTBEAT", heartbeat(4)],
  ["HEARTBEAT", heartbeat(12)],
  ["PR_CREATED", { prNumber: 7, prUrl: "https://github.com/acme/shop/pull/7", branch, headSha, firstCommitAt: "2026-01-01T00:00:00Z" }],
  ["CI_PASSED", { ...pr, checks: ["Test", "Lint"] }],
  ["REVIEW_REQUESTED", { ...pr, iteration: 1 }],
  ["REVIEW_PASSED", { ...pr, reviewer: "review-e[bot]", reviewId: 9 }],
  [
    "HUMAN_GATE_TRIGGERED",
    { ...pr, gate: "schema", evidence: [{ path: "db/1.sql", because: "db/1.sql is a migration" }], approvers: ["mona"] },
  ],
  ["HUMAN_GATE_APPROVED", { ...pr, gate: "schema", by: "mona", reviewId: 10 }],
  ["MERGE_REQUESTED", { ...pr, verdict: [{ name: "checks", ok: true, because: "Every required check passed." }] }],
  ["MERGED", { ...pr, mergeSha, mergedBy: "rig[bot]" }],
  ["DEPLOY_REQUESTED", { ...live, attempt: 1 }],
  ["DEPLOYED_PRODUCTION", { ...live, deploymentId: 424_242, url: "https://shop.example" }],
  ["SMOKE_FAILED", { ...live, failed: [], retry: 1, maxRetries: 3, cause: "code" }],
  ["SMOKE_PASSED", { ...live, checks: [] }],
  ["VERIFIED", { ...live, probes: [{ url: "https://shop.example/version", ok: true, detail: "answers 200 as expected" }] }],
  ["ISSUE_DONE", { durationMinutes: 90, attempts: 1, usd: 2.5, humanWaitMinutes: 20 }],
];

const place = mkdtempSync(join(tmpdir(), "rig-bench-"));
chmodSync(place, 0o755); // So that the server's account gets in, and everything is gone afterwards.
const database = await openDatabase({ dataDir: place, poolSize: 4 });
await database.migrate();
const store = createStore(database.pool);
const owner = new pg.Client({ connectionString: database.url });
await owner.connect();

const now = new Date("2026-12-31T12:00:00Z");
const year = windowOf("2026-01-01", "2026-12-31", now);
const month = windowOf("2026-12-02", "2026-12-31", now);

try {
  await store.upsertRepository({ id: 1, owner: "acme", name: "shop", installationId: 7, defaultBranch: "main", private: true });
  await fill();
  const asks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["bare count of all events", () => database.pool.query("select count(*), max(occurred_at) from rig.events")],
    ["/api/dora, a year", () => doraOf(store, year)],
    ["/api/dora, 30 days", () => doraOf(store, month)],
    ["/api/cost's changes, a year", () => effortOf(store, { from: year.from, to: year.to, now }, [])],
    ["/metrics' one statement", () => store.gauges()],
  ];
  const measured = asks.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round++) {
    for (const [nth, [, ask]] of asks.entries()) {
      const begun = performance.now();
      await ask();
      // The first round pays for the cache, the plans and the compiler.
      if (round > 0) measured[nth]?.push(performance.now() - begun);
    }
  }
  const medians = measured.map(median);
  console.log(`${issues * story.length} events of ${issues} issues; ms, median of ${rounds} interleaved rounds`);
  for (const [nth, [name]] of asks.entries()) {
    const ms = medians[nth] ?? 0;
    console.log(`${name.padEnd(30)} ${ms.toFixed(1).padStart(8)}   ${(ms / (medians[0] ?? 1)).toFixed(1)} × the count`);
  }
} finally {
  await owner.end();
  await database.close();
  rmSync(place, { recursive: true, force: true });
}

/** Writes the issues' histories over a year, with their positions interleaved, as they come in life; three go out in one deployment. */
async function fill(): Promise<void> {
  await owner.query(
    `insert into rig.events (position, id, stream, version, type, data, actor, causation_id, correlation_id, occurred_at, recorded_at)
     select (t.version - 1) * $2::bigint + n, rig.event_id('acme/shop#' || n, t.version::int), 'acme/shop#' || n, t.version::int, t.type,
       replace(replace(t.data, '424242', (1000 + n / 3)::text), repeat('d', 40), lpad(n::text, 40, '0'))::jsonb,
       '{"kind": "app", "login": "conductor-e", "id": 0}', 'bench', 'acme/shop#' || n,
       timestamptz '2026-01-01' + n * (interval '360 days' / $2::int) + t.version * interval '10 minutes', clock_timestamp()
     from jsonb_to_recordset($1::jsonb) t(version bigint, type text, data text) cross join generate_series(1, $2::int) n order by 1`,
    [
      JSON.stringify(story.map(([type, data], nth) => ({ version: nth + 1, type, data: JSON.stringify(parseEvent(type, data).data) }))),
      issues,
    ],
  );
  await owner.query(
    `insert into rig.issues (stream, installation_id, repository_id, owner, repo, number, title, state, priority, attempts, strikes, usd, why, updated_at)
     select 'acme/shop#' || n, 7, 1, 'acme', 'shop', n, 'Tip the waiter', 'done', 'normal', 1, 0, 2.5, 'Done.', timestamptz '2026-01-02' + n * (interval '360 days' / $1::int)
     from generate_series(1, $1::int) n`,
    [issues],
  );
  await owner.query("update rig.head set position = (select max(position) from rig.events)");
  await owner.query("vacuum analyze rig.events, rig.issues");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
