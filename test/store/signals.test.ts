import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { RepositoryId, Sha } from "../../app/domain/ids.ts";
import { fingerprintOf, type NewSignal } from "../../app/domain/signal.ts";
import { openTestStore, type TestStore } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.database.pool.query("delete from rig.signals; delete from graphile_worker._private_jobs");
});

const shop = RepositoryId.parse(7);
const signal = (change: Partial<NewSignal> = {}): NewSignal => ({
  fingerprint: fingerprintOf(shop, "probe", ["shop"]),
  repositoryId: shop,
  source: "probe",
  name: "shop",
  service: "shop",
  severity: "critical",
  firing: true,
  summary: "It fails.",
  detail: "answers 500, not 200",
  ...change,
});
const { fingerprint } = signal();
const jobs = async () => (await world.database.pool.query("select payload, key from graphile_worker._private_jobs order by key")).rows;
const ago = (ms: number) =>
  world.database.pool.query(
    "update rig.signals set heard_at = heard_at - $1 * interval '1 ms', failing_since = failing_since - $1 * interval '1 ms'",
    [ms],
  );

test("what begins to fire is a change, with the job of its incident; the same again is none; what stops is one", async () => {
  expect(await world.store.saveSignal(signal(), "job:1")).toEqual({ changed: true });
  expect(await jobs()).toEqual([{ payload: { fingerprint, cause: "job:1" }, key: `incident:${fingerprint}` }]);
  expect(await world.store.saveSignal(signal({ detail: "answers 502, not 200" }))).toEqual({ changed: false });
  expect(await world.store.signal(fingerprint)).toMatchObject({
    firing: true,
    detail: "answers 502, not 200",
    changes: [expect.any(Date)],
  });
  expect(await world.store.saveSignal(signal({ firing: false, summary: "It is well." }))).toEqual({ changed: true });
  expect(await world.store.signal(fingerprint)).toMatchObject({ firing: false, changes: [expect.any(Date), expect.any(Date)] });
});

test.each([
  ["its severity", { severity: "warning" as const }],
  ["its summary", { summary: "It fails otherwise." }],
])("what fires and changes %s is a change, which is no beginning", async (_, change) => {
  await world.store.saveSignal(signal());
  expect(await world.store.saveSignal(signal(change))).toEqual({ changed: true });
  expect((await world.store.signal(fingerprint))?.changes).toHaveLength(1);
});

test("what does not fire may change its words as it likes", async () => {
  await world.store.saveSignal(signal({ firing: false }));
  expect(await world.store.saveSignal(signal({ firing: false, summary: "Still well.", severity: "info" }))).toEqual({ changed: false });
  expect(await jobs()).toEqual([]);
});

test("with patience only so many bad looks in a row fire, and one good look begins the count anew", async () => {
  const patience = { failures: 3 };
  const looks = [true, true, false, true, true, true];
  const changed = [];
  for (const firing of looks) changed.push((await world.store.saveSignal(signal({ firing, patience }))).changed);
  expect(changed).toEqual([false, false, false, false, false, true]);
});

test("bad looks with a long silence between them are not in a row", async () => {
  const patience = { failures: 2, gapMs: 60_000 };
  await world.store.saveSignal(signal({ patience }));
  await ago(61_000);
  expect(await world.store.saveSignal(signal({ patience }))).toEqual({ changed: false });
  expect(await world.store.saveSignal(signal({ patience }))).toEqual({ changed: true });
});

test("what has to be wrong for a while fires after that while, and is known to have been wrong since its beginning", async () => {
  const patience = { forMs: 300_000 };
  expect(await world.store.saveSignal(signal({ patience }))).toEqual({ changed: false });
  await ago(299_000);
  expect(await world.store.saveSignal(signal({ patience }))).toEqual({ changed: false });
  await ago(2_000);
  expect(await world.store.saveSignal(signal({ patience }))).toEqual({ changed: true });
  const since = (await world.store.signal(fingerprint))?.since.getTime() ?? 0;
  expect(Date.now() - since).toBeGreaterThanOrEqual(300_000);
});

test("since when it fires is what the source says, but never in the future and never before it last stopped", async () => {
  const hourAgo = new Date(Date.now() - 3_600_000);
  await world.store.saveSignal(signal({ since: hourAgo }));
  expect((await world.store.signal(fingerprint))?.since).toEqual(hourAgo);
  const stopped = new Date(Date.now() - 1_800_000);
  await world.store.saveSignal(signal({ firing: false, since: stopped }));
  await world.store.saveSignal(signal({ since: hourAgo }));
  expect((await world.store.signal(fingerprint))?.since).toEqual(stopped);
  await world.store.saveSignal(signal({ firing: false, since: new Date(Date.now() + 3_600_000) }));
  expect((await world.store.signal(fingerprint))?.since.getTime()).toBeLessThanOrEqual(Date.now());
});

test("the same alert told forty times at once is one change with one job", async () => {
  const told = await Promise.all(Array.from({ length: 40 }, () => world.store.saveSignal(signal())));
  expect(told.filter(({ changed }) => changed)).toHaveLength(1);
  expect((await world.store.signal(fingerprint))?.changes).toHaveLength(1);
  expect(await jobs()).toHaveLength(1);
});

test("batches that hold the same signals in another order do not wait for each other for good", async () => {
  const many = Array.from({ length: 50 }, (_, nth) => signal({ fingerprint: fingerprintOf(shop, "probe", [String(nth)]) }));
  const changed = await Promise.all(
    Array.from({ length: 8 }, (_, nth) => world.store.saveSignals(nth % 2 === 0 ? many : many.toReversed(), "test")),
  );
  expect(changed.flat().toSorted()).toEqual(many.map((one) => one.fingerprint).toSorted());
});

test("fifty changes are remembered, the last ones", async () => {
  for (let nth = 0; nth < 60; nth += 1) await world.store.saveSignal(signal({ firing: nth % 2 === 0 }));
  const changes = (await world.store.signal(fingerprint))?.changes ?? [];
  expect(changes).toHaveLength(50);
  expect(changes).toEqual(changes.toSorted((a, b) => a.getTime() - b.getTime()));
  expect(Date.now() - (changes.at(-1)?.getTime() ?? 0)).toBeLessThan(60_000);
});

test("what is over and was never heard of leaves nothing", async () => {
  expect(await world.store.saveSignal(signal({ firing: false, onlyIfKnown: true }))).toEqual({ changed: false });
  expect(await world.store.signalsOf(shop)).toEqual([]);
});

test("text that Postgres refuses is kept without what it refuses", async () => {
  await world.store.saveSignal(signal({ name: "a\0b\ud800", summary: "\u0000\\u0000" }));
  expect(await world.store.signal(fingerprint)).toMatchObject({ name: "ab\ufffd", summary: "\\u0000" });
});

test("an incident that waits to be looked at later is looked at now", async () => {
  const key = `incident:${fingerprint}`;
  await world.store.addJobs([{ task: "incident", payload: { fingerprint, cause: "timer" }, key, runAt: new Date(Date.now() + 3_600_000) }]);
  await world.store.saveSignal(signal(), "now");
  const { rows } = await world.database.pool.query("select run_at <= now() as now from graphile_worker._private_jobs where key = $1", [
    key,
  ]);
  expect(rows).toEqual([{ now: true }]);
});

test("a repository is looked at by one at a time, and by another once the first has ended or never came back", async () => {
  expect(await Promise.all([1, 2, 3].map(() => world.store.beginWatch(shop, 60_000)))).toEqual(
    expect.arrayContaining([true, false, false]),
  );
  await world.store.endWatch(shop);
  expect(await world.store.beginWatch(shop, -1)).toBe(true);
  expect(await world.store.beginWatch(shop, 60_000)).toBe(true);
  expect(await world.store.beginWatch(shop, 60_000)).toBe(false);
});

const object = "Kustomization/flux-system/shop";
const report = (second: number, change: object = {}) => ({
  ...{ object, sha: Sha.parse("a".repeat(40)), revision: "main@sha1:aaaa", ready: true, message: "done" },
  ...{ at: new Date(Date.UTC(2026, 10, 22, 9, 0, second)), ...change },
});

test("of Flux's reports the last one stays, by its clock, and an older one brings neither signal nor job", async () => {
  expect(await world.store.saveFluxReport(report(10))).toBe(true);
  const failed = report(20, { ready: false, revision: "main@sha1:bbbb", sha: undefined });
  expect(
    await world.store.saveFluxReport(failed, [signal({ source: "flux" })], {
      cause: "hook:flux",
      jobs: [{ task: "sync", payload: {}, key: "s" }],
    }),
  ).toBe(true);
  expect((await jobs()).map(({ key }) => key)).toEqual([`incident:${fingerprint}`, "s"]);
  expect(await world.store.saveFluxReport(report(15), [signal({ firing: false })])).toBe(false);
  expect(await world.store.signal(fingerprint)).toMatchObject({ firing: true });
  const { sha: _, ...kept } = failed;
  expect(await world.store.fluxReport(object)).toEqual(kept);
  expect(await world.store.fluxReport("Kustomization/flux-system/other")).toBeUndefined();
});

test("that something of the revision that is there is under way is no news", async () => {
  await world.store.saveFluxReport(report(30));
  expect(await world.store.saveFluxReport({ ...report(31, { ready: false }), progress: true })).toBe(false);
  expect(await world.store.saveFluxReport({ ...report(32, { ready: false, revision: "main@sha1:cccc" }), progress: true })).toBe(true);
  expect(await world.store.fluxReport(object)).toMatchObject({ ready: false, revision: "main@sha1:cccc" });
});
