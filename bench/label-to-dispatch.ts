/**
 * How long it takes from a delivery that tells of a label to the dispatch of the run, while 50 deliveries a second keep coming: one in
 * `--share` is such a label, the others are what a busy organisation sends besides, checks of commits that are none of the Rig's. And how fast a backlog
 * drains that piled up while the app was away. The real app as a process against the stand-in GitHub, each of whose answers takes 20 ms.
 * Everything shares this machine, so each figure stands beside a baseline of the same run: a label with nothing else going on, and a
 * worker whose jobs do nothing. `node bench/label-to-dispatch.ts [--rate 50] [--share 50] [--seconds 20] [--repositories 10] [--backlog 10000]`
 */
import { mkdtemp, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import examples from "@octokit/webhooks-examples/api.github.com/index.json" with { type: "json" };
import { z } from "zod";
import type { Recorded } from "../app/domain/envelope.ts";
import type { EventType } from "../app/domain/events.ts";
import { issueStream } from "../app/domain/ids.ts";
import { openDatabase } from "../app/store/database.ts";
import { createStore } from "../app/store/store.ts";
import { startWorker } from "../app/store/worker.ts";
import { createTestDatabase } from "../test/support/postgres.ts";
import { startConductor } from "../test/world/conductor.ts";
import { asUser } from "../test/world/github/as-user.ts";
import type { Outgoing } from "../test/world/github/webhooks/delivery.ts";
import { hookHeaders, post } from "../test/world/github/webhooks/post.ts";
import { freePort, startWorld } from "../test/world/world.ts";

const flag = (name: string, fallback: number) => ({ [name]: { type: "string", default: String(fallback) } }) as const;
const { values } = parseArgs({
  options: {
    ...flag("rate", 50),
    ...flag("share", 50),
    ...flag("seconds", 20),
    ...flag("repositories", 10),
    ...flag("backlog", 10_000),
    ...flag("alone", 10),
  },
});
const [rate, share, seconds, repositories, backlog, alone] = ["rate", "share", "seconds", "repositories", "backlog", "alone"].map((name) =>
  Number(values[name]),
) as [number, number, number, number, number, number];

const LATENCY_MS = 20;
const GOAL_P95_MS = 2_000;
const GOAL_DRAIN_S = 300;
/** How many issues a backlog of so many deliveries is about. */
const TOLD_TIMES = 20;
const GIVE_UP_MS = 120_000;
const steps = ["heard", "approved", "assigned", "run asked for", "dispatched"] as const;
const last = steps.length - 1;

const rigYml = "queue: { maxConcurrent: 5000 }\nagents: { dev-e: { maxConcurrent: 5000 } }\n";
/** Nobody takes its jobs: a dispatched run waits, and its agent with it. */
const devE = `name: Dev-E
run-name: Dev-E \${{ inputs.run }}
on:
  workflow_dispatch:
    inputs: { run: { description: The run, type: string, required: true } }
permissions: {}
jobs:
  work:
    runs-on: [self-hosted, rig]
    steps:
      - run: "true"
`;
const Labeled = z.object({
  action: z.literal("labeled"),
  issue: z.object({ number: z.number() }),
  repository: z.object({ id: z.number() }),
});

const folder = await mkdtemp(join(tmpdir(), "rig-bench-"));
const testDatabase = await createTestDatabase();
const world = await startWorld({ latencyMs: LATENCY_MS });
const { github, runner, people, apps } = world;
const places = await openRepositories();
const metricsPort = await freePort();
const rig = await startConductor(world, {
  databaseUrl: testDatabase.url,
  logFile: join(folder, "app.log"),
  env: { METRICS_PORT: String(metricsPort) },
});
const database = await openDatabase({ databaseUrl: testDatabase.url, poolSize: 4 });
const store = createStore(database.pool);
const jonas = asUser(github, people.jonas.token);
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

interface Place {
  readonly id: number;
  readonly owner: string;
  readonly repo: string;
}
interface Issue extends Place {
  readonly number: number;
}

try {
  await rig.quiet();
  const few = await openIssues(alone);
  const many = await openIssues(Math.ceil((rate * seconds) / share));

  const idle = await measureEach(few);
  await rig.quiet();
  const [callsBefore, workBefore] = [callsSoFar(), await work()];
  const begun = performance.now();
  const busy = await measureAt(many);
  const tookS = (performance.now() - begun) / 1000;
  const calls = callsSoFar() - callsBefore;
  report("alone", idle);
  report(`among ${rate} deliveries/s`, busy);
  const [p95, base] = [percentile(busy, 0.95), percentile(idle, 0.5)];
  console.log(
    `p95 under load: ${p95.toFixed(0)} ms (goal ${GOAL_P95_MS}) ${said(p95 <= GOAL_P95_MS)}; ${(p95 / base).toFixed(1)} times the median of a label alone`,
  );
  const spent = await work();
  const each = (seconds: number) => ((seconds * 1000) / many.length).toFixed(0);
  console.log(
    `GitHub was called ${(calls / many.length).toFixed(1)} times an issue, ${(calls / tookS).toFixed(0)} times a second. An issue took the app ${each(spent.app - workBefore.app)} ms of a processor, ` +
      `the stand-in and this bench ${each(spent.standIn - workBefore.standIn)} ms, the whole machine ${each(spent.all - workBefore.all)} ms; ${((spent.all - workBefore.all) / tookS).toFixed(1)} of ${availableParallelism()} processors were busy`,
  );
  if (p95 > GOAL_P95_MS || busy.missing > 0) process.exitCode = 1;

  if (backlog > 0) {
    const bare = await drainBare();
    const drained = await drainBacklog();
    console.log(
      `backlog of ${backlog} deliveries about ${Math.ceil(backlog / TOLD_TIMES)} issues: drained in ${drained.toFixed(1)} s (goal ${GOAL_DRAIN_S}) ${said(drained <= GOAL_DRAIN_S)}; ` +
        `${(backlog / drained).toFixed(0)}/s, ${((backlog / drained / bare) * 100).toFixed(1)} % of a worker whose jobs do nothing (${bare.toFixed(0)}/s)`,
    );
    if (drained > GOAL_DRAIN_S) process.exitCode = 1;
  }
  for (const violation of world.violations().slice(0, 5)) console.log(violation);
} finally {
  agent.destroy();
  await database.close();
  await rig.close();
  await world.close();
  await testDatabase.close();
  await rm(folder, { recursive: true, force: true });
}

/** Repositories where many agents may work at once. From now on GitHub tells nobody of anything by itself. */
async function openRepositories(): Promise<readonly Place[]> {
  github.createOrganization("bench");
  const made = await Promise.all(
    Array.from({ length: repositories }, async (_, nth) => {
      const place = { owner: "bench", repo: `shop-${nth + 1}` };
      const { id } = await github.createRepository({
        owner: place.owner,
        name: place.repo,
        files: { ".github/rig.yml": rigYml, ".github/workflows/dev-e.yml": devE, "README.md": "Busy.\n" },
        collaborators: { jonas: "write" },
        private: true,
        labels: ["agent-ready"],
      });
      return { id, ...place };
    }),
  );
  runner.pauseLabel("rig");
  github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
  github.install(
    apps.rig.id,
    "bench",
    made.map(({ repo }) => repo),
  );
  return made;
}

/** Issues without the label, spread over the repositories. */
async function openIssues(count: number): Promise<readonly Issue[]> {
  const opened: Issue[] = [];
  await inParallel(count, async (nth) => {
    const place = places[nth % places.length] as Place;
    const { data } = await jonas.rest.issues.create({ owner: place.owner, repo: place.repo, title: `Matter ${nth}`, body: "Please." });
    opened.push({ ...place, number: data.number });
  });
  return opened;
}

async function inParallel(count: number, work: (nth: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const loop = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: 16 }, loop));
}

/** Jonas puts the label on; answers what GitHub would tell of that. */
async function label({ owner, repo, id, number }: Issue): Promise<Outgoing> {
  await jonas.rest.issues.addLabels({ owner, repo, issue_number: number, labels: ["agent-ready"] });
  const told = github.deliveries.all().findLast(({ event, payload }) => {
    const { success, data } = event === "issues" ? Labeled.safeParse(payload) : { success: false, data: undefined };
    return success && data?.issue.number === number && data.repository.id === id;
  });
  if (!told) throw new Error(`GitHub tells nothing of the label on ${owner}/${repo}#${number}.`);
  return told;
}

/** A delivery on its way. */
interface Posting {
  readonly guid: string;
  readonly at: number;
}
/** Milliseconds from posting a delivery to the end of each step. */
type Way = readonly number[];
interface Measured {
  readonly took: readonly Way[];
  readonly missing: number;
}

async function measureEach(issues: readonly Issue[]): Promise<Measured> {
  const posted = new Map<string, Posting>();
  for (const issue of issues) {
    const before = dispatches().length;
    const delivery = await label(issue);
    posted.set(issueStream(issue.owner, issue.repo, issue.number), { guid: delivery.guid, at: Date.now() });
    await post(delivery, hookHeaders(delivery), agent);
    const deadline = Date.now() + GIVE_UP_MS;
    while (dispatches().length === before && Date.now() < deadline) await pause(1);
    await rig.quiet();
  }
  return timesOf(posted);
}

/** One delivery at each tick, whatever became of those before: every so-manieth tells of a label. */
async function measureAt(issues: readonly Issue[]): Promise<Measured> {
  const posted = new Map<string, Posting>();
  const before = dispatches().length;
  const begun = performance.now();
  const posting: Promise<unknown>[] = [];
  for (let nth = 0; nth < rate * seconds; nth += 1) {
    await pause(Math.max(0, begun + (nth * 1000) / rate - performance.now()));
    const issue = nth % share === 0 ? issues[nth / share] : undefined;
    if (!issue) {
      const delivery = otherWork(nth);
      posting.push(post(delivery, hookHeaders(delivery), agent));
      continue;
    }
    posting.push(
      label(issue).then((delivery) => {
        posted.set(issueStream(issue.owner, issue.repo, issue.number), { guid: delivery.guid, at: Date.now() });
        return post(delivery, hookHeaders(delivery), agent);
      }),
    );
  }
  await Promise.all(posting);
  const deadline = Date.now() + GIVE_UP_MS;
  while (dispatches().length - before < issues.length && Date.now() < deadline) await pause(20);
  return timesOf(posted);
}

/** A check that concluded on a commit of somebody else's: GitHub's own example, told of one of these repositories. */
function otherWork(nth: number): Outgoing {
  const example = examples.find(({ name }) => name === "check_run")?.examples[0] as object;
  const { id, owner, repo } = places[nth % places.length] as Place;
  const repository = { id, name: repo, owner: { login: owner }, default_branch: "main", private: true };
  const told = github.deliveries.all().find(({ repositoryId }) => repositoryId === id);
  if (!told) throw new Error(`GitHub has told nothing of ${owner}/${repo} yet.`);
  const payload = { ...example, action: "completed", repository, installation: { id: told.installationId } };
  return { ...told, guid: crypto.randomUUID(), event: "check_run", action: "completed", body: JSON.stringify(payload) };
}

function dispatches() {
  return github.writes.filter(({ operation, status }) => operation === "actions/create-workflow-dispatch" && status < 300);
}

/** Which step of the way ended when, in milliseconds after the delivery was posted. */
async function timesOf(posted: ReadonlyMap<string, Posting>): Promise<Measured> {
  const Dispatch = z.object({ inputs: z.object({ run: z.string() }) });
  const arrived = new Map(dispatches().map(({ body, at }) => [Dispatch.parse(body).inputs.run, at.getTime()]));
  const took: Way[] = [];
  for (const [stream, { guid, at }] of posted) {
    const events = await store.readStream(stream);
    const recorded = (wanted: EventType) => events.find(({ type }) => type === wanted)?.recordedAt.getTime() ?? Number.NaN;
    const requested = events.find((event): event is Recorded<"RUN_REQUESTED"> => event.type === "RUN_REQUESTED");
    const dispatched = requested && arrived.get(requested.data.runId);
    if (dispatched === undefined) continue;
    const { rows } = await database.pool.query<{ settled: Date }>("select settled_at as settled from rig.deliveries where guid = $1", [
      guid,
    ]);
    const heard = rows[0]?.settled.getTime() ?? Number.NaN;
    const ends = [heard, recorded("ISSUE_APPROVED"), recorded("ISSUE_ASSIGNED"), recorded("RUN_REQUESTED"), dispatched];
    took.push(ends.map((end) => end - at));
  }
  return { took, missing: posted.size - took.length };
}

function callsSoFar(): number {
  return github.writes.length + [...github.reads.values()].reduce((sum, count) => sum + count, 0);
}

/** Seconds that the machine's processors worked, and how many of those went into the app and into this process. */
async function work(): Promise<{ readonly all: number; readonly app: number; readonly standIn: number }> {
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const times = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  const { user, system } = process.cpuUsage();
  return {
    all: times.reduce((sum, time) => sum + time, 0) / 1e3,
    app: Number(/^process_cpu_seconds_total (\S+)/m.exec(metrics)?.[1]),
    standIn: (user + system) / 1e6,
  };
}

/** Deliveries a second of a worker like the app's that does nothing with them. */
async function drainBare(): Promise<number> {
  const bareDatabase = await createTestDatabase();
  const bare = await openDatabase({ databaseUrl: bareDatabase.url });
  const bareStore = createStore(bare.pool);
  const jobs = Array.from({ length: backlog }, (_, nth) => ({ task: "delivery", payload: { nth } }));
  for (let from = 0; from < jobs.length; from += 1000) await bareStore.addJobs(jobs.slice(from, from + 1000));
  let left = backlog;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const task = async () => {
    left -= 1;
    if (left === 0) resolve();
  };
  const begun = performance.now();
  const worker = await startWorker({ database: bare, store: bareStore, tasks: { delivery: task }, concurrency: 8 });
  await done;
  const tookS = (performance.now() - begun) / 1000;
  await worker.stop();
  await bare.close();
  await bareDatabase.close();
  return backlog / tookS;
}

/** Seconds from the start of the app until nothing waits any more. */
async function drainBacklog(): Promise<number> {
  await rig.quiet();
  await rig.kill();
  const issues = await openIssues(Math.ceil(backlog / TOLD_TIMES));
  const told: Outgoing[] = [];
  await inParallel(issues.length, async (nth) => told.push(await label(issues[nth] as Issue)));
  await inParallel(backlog, async (nth) => {
    const delivery = told[nth % told.length] as Outgoing;
    const guid = crypto.randomUUID();
    await store.storeDelivery({ guid, event: delivery.event, headers: {}, raw: Buffer.from(delivery.body), task: "delivery" });
  });
  const before = dispatches().length;
  const begun = performance.now();
  await rig.start();
  await rig.quiet();
  const tookS = (performance.now() - begun) / 1000;
  const missing = issues.length - (dispatches().length - before);
  if (missing > 0) console.log(`${missing} of ${issues.length} issues of the backlog were not dispatched.`);
  return tookS;
}

function percentile({ took }: Measured, share: number, step = last): number {
  const sorted = took.map((way) => way[step] ?? Number.NaN).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function report(when: string, measured: Measured): void {
  const [p50, p95, most] = [0.5, 0.95, 1].map((share) => percentile(measured, share).toFixed(0));
  const lost = measured.missing > 0 ? `, ${measured.missing} never dispatched` : "";
  console.log(`label to dispatch ${when}, ${measured.took.length} issues: p50 ${p50} ms, p95 ${p95} ms, most ${most} ms${lost}`);
  console.log(`  medians on the way: ${steps.map((step, nth) => `${step} ${percentile(measured, 0.5, nth).toFixed(0)}`).join(", ")}`);
}

function said(reached: boolean): string {
  return reached ? "reached" : "MISSED";
}
