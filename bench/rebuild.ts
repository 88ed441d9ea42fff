/**
 * How many events a second `rig projections rebuild` folds, against reading the same events with a bare SELECT and JSON.parse.
 * Twice: into empty tables, and over tables that show everything already. Rounds are interleaved; what counts is the ratios.
 * `node bench/rebuild.ts [issues] [rounds]`
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { foldWith } from "../app/cli/fold.ts";
import { type EventType, parseEvent } from "../app/domain/events.ts";
import { openDatabase } from "../app/store/database.ts";
import { refold } from "../app/store/rebuild.ts";
import { createStore } from "../app/store/store.ts";

const [issues = 10_000, rounds = 3] = process.argv.slice(2).map(Number);
const GOAL = 0.5;
const PAGE = 4_000;

const headSha = "a".repeat(40);
const pr = { prNumber: 7, headSha };
const [work, review] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const agentId = "dev-e-1";
const branch = "rig/7-tip-the-waiter-1";
const asked = { attempt: 1, branch, baseSha: "b".repeat(40), findings: [] };
const tokens = { input: 120_000, output: 9_000, cacheRead: 800_000, cacheWrite: 60_000 };
const finished = { usd: 1.25, tokens, turns: 31, minutes: 12.5, testsExitCode: 0, summary: "The tip is added to the bill. ".repeat(8) };
const heartbeat = (turns: number) => ({ agentId, status: "working", runId: work, progress: { turns, toolCalls: turns * 2, testRuns: 1 } });

/** An issue's way from its approval to its end, as most go. */
const story: readonly (readonly [EventType, object])[] = [
  [
    "ISSUE_APPROVED",
    {
      ...{ title: "Tip the waiter", body: "The bill has to show the tip apart. ".repeat(20), bodyHash: "c".repeat(64), priority: "normal" },
      ...{ dependsOn: [], approvedBy: "mona", actId: "4242" },
    },
  ],
  ["ISSUE_ASSIGNED", { agentId, attempt: 1, branch, runId: work }],
  ["RUN_REQUESTED", { runId: work, agent: "dev-e", agentId, kind: "implement", ...asked }],
  ["WORK_STARTED", { agentId, runId: work, workflowRunUrl: "https://github.com/acme/shop/actions/runs/1" }],
  ["HEARTBEAT", heartbeat(4)],
  ["HEARTBEAT", heartbeat(12)],
  ["HEARTBEAT", heartbeat(25)],
  ["RUN_FINISHED", { runId: work, outcome: "patch", ...finished }],
  ["PR_CREATED", { prNumber: 7, prUrl: "https://github.com/acme/shop/pull/7", branch, headSha }],
  ["CI_PASSED", { ...pr, checks: ["Test", "Lint"] }],
  ["REVIEW_REQUESTED", { ...pr, iteration: 1 }],
  ["RUN_REQUESTED", { runId: review, agent: "review-e", agentId: "review-e-1", kind: "review", ...asked }],
  ["WORK_STARTED", { agentId: "review-e-1", runId: review, workflowRunUrl: "https://github.com/acme/shop/actions/runs/2" }],
  ["RUN_FINISHED", { runId: review, outcome: "review", ...finished }],
  ["REVIEW_PASSED", { ...pr, reviewer: "review-e[bot]", reviewId: 9 }],
  [
    "HUMAN_GATE_TRIGGERED",
    { ...pr, gate: "schema", evidence: [{ path: "db/1.sql", because: "db/1.sql is a migration" }], approvers: ["mona"] },
  ],
  ["HUMAN_GATE_APPROVED", { ...pr, gate: "schema", by: "mona", reviewId: 10 }],
  ["MERGE_REQUESTED", { ...pr, verdict: [{ name: "checks", ok: true, because: "Every required check passed." }] }],
  ["MERGED", { ...pr, mergeSha: "d".repeat(40), mergedBy: "rig[bot]" }],
  ["ISSUE_DONE", { durationMinutes: 90, attempts: 1, usd: 2.5, humanWaitMinutes: 20 }],
];

const place = mkdtempSync(join(tmpdir(), "rig-bench-"));
chmodSync(place, 0o755); // So that the server's account gets in, and everything is gone afterwards.
const database = await openDatabase({ dataDir: place, poolSize: 4 });
await database.migrate();
const store = createStore(database.pool);
const owner = new pg.Client({ connectionString: database.url });
await owner.connect();

try {
  await store.upsertRepository({ id: 1, owner: "acme", name: "shop", installationId: 7, defaultBranch: "main", private: true });
  await fill();
  const fold = foldWith(await store.repositories());
  const events = issues * story.length;
  const measured = { scan: [] as number[], empty: [] as number[], same: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const scan = await perSecond(events, scanAll);
    await owner.query("truncate rig.issues, rig.assignments, rig.runs, rig.gates");
    const empty = await perSecond(events, async () => void (await refold(database.pool, fold, "write")));
    const same = await perSecond(events, async () => {
      const { differences } = await refold(database.pool, fold, "write");
      if (differences.length > 0) throw new Error(`${differences[0]?.stream} was not rebuilt as it was: ${differences[0]?.parts}.`);
    });
    if (round === 0) continue; // The first round pays for the cache, the plans and the compiler.
    measured.scan.push(scan);
    measured.empty.push(empty);
    measured.same.push(same);
  }
  const [scan, empty, same] = [median(measured.scan), median(measured.empty), median(measured.same)];
  console.log(`${events} events of ${issues} issues; events/s, median of ${rounds} interleaved rounds`);
  console.log(`bare scan with JSON.parse          ${scan.toFixed(0).padStart(9)}`);
  console.log(`rebuild into empty tables          ${empty.toFixed(0).padStart(9)}   ratio ${(empty / scan).toFixed(2)} (goal ${GOAL})`);
  console.log(`rebuild where the tables are right ${same.toFixed(0).padStart(9)}   ratio ${(same / scan).toFixed(2)} (goal ${GOAL})`);
  if (empty / scan < GOAL) process.exitCode = 1;
} finally {
  await owner.end();
  await database.close();
  rmSync(place, { recursive: true, force: true });
}

/** Writes the issues' histories with their positions interleaved, as they come in life. */
async function fill(): Promise<void> {
  await owner.query(
    `insert into rig.events (position, id, stream, version, type, data, actor, causation_id, correlation_id, occurred_at, recorded_at)
     select (t.version - 1) * $2::bigint + n, rig.event_id('acme/shop#' || n, t.version::int), 'acme/shop#' || n, t.version::int, t.type,
       replace(replace(t.data, $3, rig.event_id('work', n)::text), $4, rig.event_id('review', n)::text)::jsonb,
       '{"kind": "app", "login": "conductor-e", "id": 0}', 'bench', 'acme/shop#' || n,
       timestamptz '2026-11-01' + n * interval '1 second' + t.version * interval '1 minute', timestamptz '2026-11-01' + n * interval '1 second'
     from jsonb_to_recordset($1::jsonb) t(version bigint, type text, data text) cross join generate_series(1, $2::int) n order by 1`,
    [
      JSON.stringify(story.map(([type, data], index) => ({ version: index + 1, type, data: JSON.stringify(parseEvent(type, data).data) }))),
      ...[issues, work, review],
    ],
  );
  await owner.query("update rig.head set position = (select max(position) from rig.events)");
  await owner.query("vacuum analyze rig.events");
}

/** What everybody who reads the history has to do at least. */
async function scanAll(): Promise<void> {
  for (let after = 0, read = PAGE; read === PAGE; after += PAGE) {
    const { rows } = await database.pool.query<{ data: string }>({
      name: "scan",
      text: `select stream, version, type, data::text, occurred_at from rig.events where position > $1 order by position limit ${PAGE}`,
      values: [after],
    });
    for (const { data } of rows) JSON.parse(data);
    read = rows.length;
  }
}

async function perSecond(events: number, act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return (events / (performance.now() - begun)) * 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
