/**
 * How long it takes to find out who works next, with 100,000 issues in one repository's queue: what the assignment reads, and a whole decision
 * with its history, its event and its row, all but the look at GitHub. Against reading the whole queue and choosing in the program.
 * `node bench/assign.ts [issues] [decisions]`
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { attemptOf, freeAgents, pairs } from "../app/assign.ts";
import { conductor, type Said } from "../app/domain/envelope.ts";
import { evolve } from "../app/domain/evolve.ts";
import { type AgentId, runIdFor } from "../app/domain/ids.ts";
import { Policy } from "../app/domain/policy.ts";
import { project } from "../app/domain/projection.ts";
import { openDatabase } from "../app/store/database.ts";
import type { IssueRow } from "../app/store/issues.ts";
import { createStore } from "../app/store/store.ts";
import { historyOf } from "../app/sync.ts";

const [issues = 100_000, decisions = 200] = process.argv.slice(2).map(Number);
const GOAL_P95_MS = 10;
const REPOSITORY = 1;
const MOST = 20;
const policy = Policy.parse({ queue: { maxConcurrent: 4 }, agents: { "dev-e": { maxConcurrent: 4 } } });

const place = mkdtempSync(join(tmpdir(), "rig-bench-"));
chmodSync(place, 0o755); // So that the server's account gets in, and everything is gone afterwards.
const database = await openDatabase({ dataDir: place, poolSize: 4 });
await database.migrate();
const store = createStore(database.pool);
const owner = new pg.Client({ connectionString: database.url });
await owner.connect();

try {
  await store.upsertRepository({ id: REPOSITORY, owner: "acme", name: "shop", installationId: 7, defaultBranch: "main", private: true });
  await fill();
  for (let warm = 0; warm < 20; warm += 1) await decide();
  const [reading, whole, all] = [[] as number[], [] as number[], [] as number[]];
  for (let nth = 0; nth < decisions; nth += 1) {
    reading.push(await took(read));
    whole.push(await took(decide));
    if (nth % Math.ceil(decisions / 5) === 0) all.push(await took(readAll));
  }
  const base = percentile(all, 0.5);
  print("reading who is next", reading, base);
  print("a whole decision", whole, base);
  console.log(`reading the whole queue     p50 ${base.toFixed(1)} ms   (${issues} issues)`);
  if (percentile(whole, 0.95) >= GOAL_P95_MS) process.exitCode = 1;
} finally {
  await owner.end();
  await database.close();
  rmSync(place, { recursive: true, force: true });
}

/** Every hundredth issue is critical, every tenth of high priority, every fifth waits for another one; each has its history. */
async function fill(): Promise<void> {
  const approval = { body: "Please.", bodyHash: "b", priority: "normal", dependsOn: [], approvedBy: "mona", actId: "1" };
  await owner.query(
    `with numbered as (
       select n, 'acme/shop#' || n as stream, timestamptz '2026-11-01' + (n * 7919 % $1::int) * interval '1 second' as at,
         case when n % 100 = 0 then 'critical' when n % 10 = 0 then 'high' else 'normal' end as priority
       from generate_series(1, $1::int) n
     ), told as (
       insert into rig.events (position, id, stream, version, type, data, actor, causation_id, correlation_id, occurred_at)
       select n, rig.event_id(stream, 1), stream, 1, 'ISSUE_APPROVED', $2::jsonb || jsonb_build_object('title', 'Matter ' || n, 'priority', priority),
         '{"kind": "human", "login": "mona", "id": 5}', 'bench', stream, at from numbered
     ), counted as (
       update rig.head set position = $1
     )
     insert into rig.issues (stream, installation_id, repository_id, owner, repo, number, title, state, priority, approved_at, attempts, strikes, usd, why, ready, waiting_on)
     select stream, 7, ${REPOSITORY}, 'acme', 'shop', n, 'Matter ' || n, 'queued', priority, at, 0, 0, 0, 'Queued.', n % 5 <> 0,
       case when n % 5 = 0 then array['acme/shop#' || n - 1] else '{}' end
     from numbered`,
    [issues, JSON.stringify(approval)],
  );
  await owner.query("vacuum analyze");
}

/** What the assignment asks the store. */
async function read(): Promise<{ readonly ready: readonly IssueRow[]; readonly free: readonly AgentId[] }> {
  const [taken, ready] = await Promise.all([store.assignmentsOf(REPOSITORY), store.nextReady(REPOSITORY, MOST)]);
  const free = freeAgents(
    policy,
    taken.map(({ agentId }) => agentId),
  );
  return { ready, free };
}

/** Gives the first issue to the first free agent, and takes it out of the queue so that the next one is another. */
async function decide(): Promise<void> {
  await Promise.all([store.repository(REPOSITORY), store.runsToday(REPOSITORY)]);
  const { ready, free } = await read();
  const [next] = pairs(ready, free, policy);
  if (!next) throw new Error("There is no ready issue, or no free agent.");
  const { stream } = next.issue;
  const { issue, version } = await historyOf(store, stream);
  const data = { ...attemptOf(issue, next.issue, policy), agentId: next.agentId, runId: runIdFor(stream, version + 1) };
  const given: readonly Said[] = [
    { type: "ISSUE_ASSIGNED", data },
    { type: "ISSUE_WITHDRAWN", data: { by: "mona", reason: "The bench needs the agent again." } },
  ];
  const after = given.reduce((before, event) => evolve(before, event, new Date()), issue);
  const { result } = await store.append({
    stream,
    expectedVersion: version,
    events: given.map((event) => ({ ...event, actor: conductor, causationId: "bench", correlationId: stream })),
    projection: project(next.issue, after, "Taken."),
  });
  if (result !== "accepted") throw new Error(`The assignment was not accepted: ${result}.`);
}

/** What whoever has no index does. */
async function readAll(): Promise<void> {
  await Promise.all([store.assignmentsOf(REPOSITORY), store.issuesInState(REPOSITORY, ["queued"])]);
}

async function took(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

function print(what: string, values: readonly number[], base: number): void {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)];
  const said = p95 < GOAL_P95_MS ? "reached" : "MISSED";
  console.log(
    `${what.padEnd(27)} p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms (goal < ${GOAL_P95_MS}) ${said}; ${(base / p50).toFixed(0)} times faster than reading the whole queue`,
  );
}
