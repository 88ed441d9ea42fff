import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { otherMetrics, storeMetrics } from "../../app/metric-table.ts";
import { approve, assign, inJam, jam, openShop, raiseGate, type Shop } from "../api/shop-of-tea.ts";
import { subjectOf } from "../door/stand.ts";
import { append, chanceOf, incident, life, repositories, subjectAt, type Written } from "./histories.ts";
import { measured, metricsIn, type Sample, samplesIn, scrape } from "./scrape.ts";

let shop: Shop;
let world: ReturnType<typeof measured>;
let asked = 0;

beforeAll(async () => {
  shop = await openShop();
  const counted = {
    ...shop.store,
    gauges: () => {
      asked += 1;
      return shop.store.gauges();
    },
  };
  world = measured(shop, counted);
  await shop.store.upsertRepository(jam);
  for (const [number, priority] of [
    [1, "normal"],
    [2, "critical"],
    [3, "critical"],
  ] as const)
    await approve(shop, subjectOf(number), priority);
  await approve(shop, inJam(4));
  const runId = await assign(shop, 1, true);
  await raiseGate(shop, 1, runId);
  const chance = chanceOf(11);
  const written: Written = { merges: [], nth: 100 };
  for (const repository of repositories) await shop.store.upsertRepository(repository);
  for (let n = 0; n < 30; n++) {
    const subject = subjectAt(repositories[n % 3] as (typeof repositories)[number], 500 + n);
    await append(shop.store, subject, life(chance, written, subject, n % 4 === 0, new Map()));
  }
  for (let n = 0; n < 5; n++) await incident(chance, shop.store, written, undefined);
});
afterAll(() => shop.close());

const read = async (): Promise<readonly Sample[]> => samplesIn(await scrape(shop));
const reading = (samples: readonly Sample[], name: string, labels: object = {}) =>
  samples.find((one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels))?.value;

test("what waits, works and is asked of people is told as it stands in the database", async () => {
  const samples = await read();
  expect(reading(samples, "rig_up_database")).toBe(1);
  expect(reading(samples, "rig_queue_issues", { priority: "critical" })).toBe(2);
  expect(reading(samples, "rig_gates_waiting", { gate: "auth" })).toBe(1);
  expect(reading(samples, "rig_queue_oldest_age_seconds")).toBeGreaterThan(0);
  expect(reading(samples, "rig_repositories")).toBe(5);
  expect(reading(samples, "rig_github_rate_remaining")).toBe(4321);
  expect(reading(samples, "rig_github_calls_total", { counted: "yes" })).toBe(7);
  expect(reading(samples, "rig_incidents_open", { severity: "critical" })).toBeGreaterThan(0);
});

test("of what there is nothing of, nothing is told: an age of 0 would be a lie", async () => {
  expect(reading(await read(), "rig_coordination_last_success_timestamp_seconds")).toBeUndefined();
  await shop.store.coordinated();
  world.later(6_000);
  expect(reading(await read(), "rig_coordination_last_success_timestamp_seconds")).toBeCloseTo(Date.now() / 1000, -2);
});

test("names and help are as Prometheus wants them: one prefix, base units, _total for what only grows and for nothing else", async () => {
  const metrics = [...metricsIn(await scrape(shop))].filter(([name]) => name.startsWith("rig_"));
  expect(metrics.map(([name]) => name)).toEqual(expect.arrayContaining([...Object.keys(storeMetrics), ...Object.keys(otherMetrics)]));
  const wrong = metrics.filter(
    ([name, { type, help }]) =>
      !/^rig_[a-z]+(_[a-z]+)*$/.test(name) ||
      name.endsWith("_total") !== (type === "counter") ||
      /_(minutes|hours|days|milliseconds|ms|percent|dollars|count|sum|bucket)(_|$)/.test(name) ||
      help.length < 10,
  );
  expect(wrong).toEqual([]);
});

test("no label names an issue, a run, a commit, a person or a repository, and none has more than twenty values", async () => {
  const samples = (await read()).filter(({ name }) => name.startsWith("rig_"));
  const known = [
    "agent",
    "counted",
    "gate",
    "le",
    "made_by",
    "method",
    "model",
    "priority",
    "result",
    "route",
    "scope",
    "severity",
    "state",
    "status",
    "type",
  ];
  expect([...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))].filter((name) => !known.includes(name))).toEqual([]);
  const values = samples.flatMap(({ labels }) => Object.entries(labels).filter(([name]) => !["le", "status"].includes(name)));
  expect(values.filter(([, value]) => /\d{2,}|#|[0-9a-f]{7,}|^@|octo|acme|tea|anna|mona/.test(value))).toEqual([]);
  for (const [name, each] of Map.groupBy(samples, (one) => one.name))
    expect({ name, few: each.length <= 20 || name.endsWith("_bucket") }).toEqual({ name, few: true });
});

test("gates that repositories have named themselves beyond the commonest are one value together", async () => {
  const subject = subjectOf(90);
  await approve(shop, subject);
  const gates = Array.from({ length: 40 }, (_, nth) => `own-${String.fromCharCode(97 + (nth % 26))}${"x".repeat(nth)}`);
  const runId = await assign(shop, 90, true);
  await raiseGate(shop, 90, runId);
  const { rows } = await shop.pool.query<{ head_sha: string }>("select head_sha from rig.gates where stream = $1", [subject.stream]);
  await shop.history.record(
    subject,
    gates.map((gate) => ({
      type: "HUMAN_GATE_TRIGGERED" as const,
      data: { prNumber: 77 as never, headSha: rows[0]?.head_sha as never, gate, evidence: [], approvers: ["maria"] },
    })),
    "test",
  );
  world.later(6_000);
  const waiting = (await read()).filter(({ name }) => name === "rig_gates_waiting");
  expect(waiting).toHaveLength(20);
  expect(waiting.reduce((sum, { value }) => sum + value, 0)).toBe(42);
  expect(waiting.find(({ labels }) => labels.gate === "other")?.value).toBeGreaterThan(20);
});

test("several scrapers at once, and within a few seconds, cost the database one question", async () => {
  world.later(6_000);
  const before = asked;
  await Promise.all([read(), read(), read()]);
  await read();
  expect(asked - before).toBe(1);
});

test("while the database is down the scrape still answers, and says that and nothing that it does not know", async () => {
  const closed = await openShop();
  const down = measured(closed, { ...closed.store, gauges: () => Promise.reject(new Error("the database is gone")) });
  try {
    const samples = samplesIn(await scrape(closed));
    expect(reading(samples, "rig_up_database")).toBe(0);
    expect(samples.filter(({ name }) => name in storeMetrics)).toEqual([]);
    expect(samples.some(({ name }) => name === "process_cpu_seconds_total")).toBe(true);
    down.later(6_000);
  } finally {
    await closed.close();
  }
});
