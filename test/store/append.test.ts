import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { PlannedCommand } from "../../app/domain/commands.ts";
import { eventId, IssueNumber } from "../../app/domain/ids.ts";
import { assigned, folded, jobKeys, notify, openTestStore, said, stale, subject, type TestStore, tell } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

test("an append to a new stream is accepted, and its events are read back in order under the ids that follow from their places", async () => {
  const { store } = world;
  const result = await store.append({ stream: "acme/shop#1", expectedVersion: 0, events: [stale("1"), stale("2")] });
  expect(result).toMatchObject({ result: "accepted", version: 2 });
  const events = await store.readStream("acme/shop#1");
  expect(events.map(({ version, data, id }) => ({ version, data, id }))).toEqual([
    { version: 1, data: { changedBy: "mona", newHash: "1" }, id: eventId("acme/shop#1", 1) },
    { version: 2, data: { changedBy: "mona", newHash: "2" }, id: eventId("acme/shop#1", 2) },
  ]);
  expect(await store.readStream("acme/shop#1", 1)).toEqual(events.slice(1));
});

test.each([
  ["a lone event", [stale()]],
  ["two events", [stale(), stale()]],
])("%s that expects another version than there is conflicts, and learns the version", async (name, events) => {
  const { store } = world;
  const stream = `conflict/${name}`;
  await store.append({ stream, expectedVersion: 0, events: [stale()] });
  expect(await store.append({ stream, expectedVersion: 0, events })).toEqual({ result: "conflict", version: 1 });
  expect(await store.append({ stream, expectedVersion: 5, events })).toEqual({ result: "conflict", version: 1 });
  expect(await store.append({ stream: `${stream}/new`, expectedVersion: 3, events })).toEqual({ result: "conflict", version: 0 });
  expect(await store.readStream(stream)).toHaveLength(1);
});

test.each([
  ["alone", []],
  ["with another event", [stale()]],
])("a fact that was recorded under another stream's name is a duplicate %s, and says where it stands", async (name, others) => {
  const { store } = world;
  const fact = stale("fact", { dedupeKey: `merged:4242:${name}` });
  const first = await store.append({ stream: `fact/${name}/1`, expectedVersion: null, events: [fact] });
  const second = await store.append({ stream: `fact/${name}/2`, expectedVersion: null, events: [...others, fact] });
  expect(second).toEqual({ result: "duplicate", position: first.result === "accepted" ? first.position : "none" });
  expect(await store.readStream(`fact/${name}/2`)).toEqual([]);
});

test("of the same fact said twice at once, one is accepted and the other a duplicate", async () => {
  const { store } = world;
  const say = (stream: string) => store.append({ stream, expectedVersion: null, events: [stale("x", { dedupeKey: "merged:1:2" })] });
  const results = await Promise.all([say("twice/0"), say("twice/1"), say("twice/2")]);
  expect(results.map(({ result }) => result).sort()).toEqual(["accepted", "duplicate", "duplicate"]);
});

test("without an expected version everybody gets a place in the stream", async () => {
  const { store } = world;
  const results = await Promise.all(
    Array.from({ length: 40 }, () => store.append({ stream: "hot/stream", expectedVersion: null, events: [stale()] })),
  );
  expect(results.every(({ result }) => result === "accepted")).toBe(true);
  expect((await store.readStream("hot/stream")).map(({ version }) => version)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test("one conflict among appends that go together does not disturb the others", async () => {
  const { store } = world;
  await store.append({ stream: "together/0", expectedVersion: 0, events: [stale()] });
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, n) => store.append({ stream: `together/${n}`, expectedVersion: 0, events: [stale(), stale()] })),
  );
  expect(results.map(({ result }) => result)).toEqual(["conflict", ...Array(19).fill("accepted")]);
  const positions = results.flatMap((result) => (result.result === "accepted" ? [result.position] : []));
  expect(positions.every((position, index) => index === 0 || position === (positions[index - 1] ?? 0) + 2)).toBe(true);
});

test("data that the database refuses fails its own append and no other", async () => {
  const { store } = world;
  const tooLarge = folded({ ...subject(1), number: IssueNumber.parse(2 ** 40) }, []);
  const append = (n: number, more: object = {}) => store.append({ stream: `refused/${n}`, expectedVersion: 0, events: [stale()], ...more });
  const results = await Promise.allSettled([append(0), append(1), append(2, { projection: tooLarge }), append(3), append(4)]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled", "fulfilled"]);
  expect(await store.readStream("refused/2")).toEqual([]);
});

test("data that does not fit its type is never written", async () => {
  const { store } = world;
  const broken = { ...stale(), data: { changedBy: 3 } };
  // @ts-expect-error the compiler would not let this pass
  await expect(store.append({ stream: "broken/1", expectedVersion: 0, events: [broken] })).rejects.toThrow("newHash");
  expect(await store.readStream("broken/1")).toEqual([]);
});

test("an agent instance that another issue has is not given away a second time", async () => {
  const { store } = world;
  const [one, two] = [subject(101), subject(102)];
  expect(await tell(store, one, assigned(one, "dev-e-1", 1))).toMatchObject({ result: "accepted" });
  expect(await tell(store, two, assigned(two, "dev-e-1", 1))).toEqual({ result: "taken", by: one.stream });
  expect(await store.readStream(two.stream)).toEqual([]);
  expect(await tell(store, two, assigned(two, "dev-e-2", 1))).toMatchObject({ result: "accepted" });
  expect((await store.assignmentsOf(1)).map(({ stream, agentId }) => [stream, agentId])).toEqual([
    [one.stream, "dev-e-1"],
    [two.stream, "dev-e-2"],
  ]);
});

test("of two issues that want one agent instance at the same moment, one gets it", async () => {
  const { store } = world;
  const subjects = [111, 112, 113].map((number) => subject(number, 2));
  const results = await Promise.all(subjects.map((of) => tell(store, of, assigned(of, "dev-e-1", 1))));
  expect(results.map(({ result }) => result).sort()).toEqual(["accepted", "taken", "taken"]);
});

test("an instance is free again once its issue lets go of it", async () => {
  const { store } = world;
  const [one, two] = [subject(121, 3), subject(122, 3)];
  const [gets] = assigned(one, "dev-e-1", 1);
  if (gets?.type !== "ISSUE_ASSIGNED") throw new Error("assigned() begins with the assignment");
  await tell(store, one, [gets]);
  await tell(store, one, [
    { type: "ISSUE_UNASSIGNED", data: { agentId: gets.data.agentId, runId: gets.data.runId, cause: "human", reason: "stopped" } },
  ]);
  expect(await tell(store, two, assigned(two, "dev-e-1", 1))).toMatchObject({ result: "accepted" });
});

test("a conflicting append plans nothing and changes no table", async () => {
  const { store } = world;
  const of = subject(131);
  await tell(store, of, [{ type: "PRIORITY_CHANGED", data: { from: "normal", to: "high", by: "mona", source: "label" } }]);
  const lost = said({ type: "PRIORITY_CHANGED", data: { from: "normal", to: "critical", by: "mona", source: "label" } });
  const result = await store.append({
    stream: of.stream,
    expectedVersion: 0,
    events: [lost],
    projection: folded(of, [lost]),
    commands: [notify("lost")],
    jobs: [{ task: "look", payload: {}, key: "look:lost" }],
  });
  expect(result).toEqual({ result: "conflict", version: 1 });
  expect(await store.effectsOf(of.stream)).toEqual([]);
  expect(await jobKeys(world)).not.toContain("look:lost");
  expect(await store.issueByNumber(1, 131)).toMatchObject({ priority: "high" });
});

test("events, projection, effects and jobs of an append are there together", async () => {
  const { store } = world;
  const of = subject(132);
  const event = said({ type: "PRIORITY_CHANGED", data: { from: "normal", to: "high", by: "mona", source: "label" } });
  const result = await store.append({
    stream: of.stream,
    expectedVersion: 0,
    events: [event],
    projection: folded(of, [event]),
    commands: [notify("kept:1"), { ...notify("kept:2"), delayMs: 60_000 }],
    jobs: [{ task: "look", payload: { stream: of.stream }, key: "look:kept" }],
  });
  expect(result).toMatchObject({ result: "accepted", version: 1 });
  expect(await store.effectsOf(of.stream)).toMatchObject([
    { key: "kept:1", kind: "NOTIFY", state: "planned" },
    { key: "kept:2", state: "planned" },
  ]);
  expect(await jobKeys(world)).toEqual(expect.arrayContaining(["effect:kept:1", "effect:kept:2", "look:kept"]));
  expect(await store.issueByNumber(1, 132)).toMatchObject({ stream: of.stream, priority: "high" });
  const { rows } = await world.database.pool.query(
    "select run_at > now() + interval '50 seconds' as later from graphile_worker.jobs where key like 'effect:kept%' order by key",
  );
  expect(rows).toEqual([{ later: false }, { later: true }]);
});

test("when an effect cannot be planned, the event that asked for it is not written either", async () => {
  const { store } = world;
  const of = subject(133);
  const event = stale();
  // @ts-expect-error the compiler would not let a command without data pass
  const unplannable: PlannedCommand = { key: "no-data", kind: "NOTIFY" };
  const request = { stream: of.stream, expectedVersion: 0, events: [event], projection: folded(of, [event]), commands: [unplannable] };
  await expect(store.append(request)).rejects.toThrow("payload");
  expect(await store.readStream(of.stream)).toEqual([]);
  expect(await store.issueByNumber(1, 133)).toBeUndefined();
});

test("an append without events changes what is shown and planned, and only from the version it expects", async () => {
  const { store } = world;
  const of = subject(134);
  const event = stale();
  await store.append({ stream: of.stream, expectedVersion: 0, events: [event], projection: folded(of, [event]) });
  const again = (expectedVersion: number) =>
    store.append({
      stream: of.stream,
      expectedVersion,
      events: [],
      projection: folded(of, []),
      commands: [notify(`none:${expectedVersion}`)],
    });
  expect(await again(0)).toEqual({ result: "conflict", version: 1 });
  expect(await again(1)).toMatchObject({ result: "accepted", version: 1 });
  expect(await store.issueByNumber(1, 134)).toMatchObject({ why: "It has 0 events." });
  expect((await store.effectsOf(of.stream)).map(({ key }) => key)).toEqual(["none:1"]);
});

test("an effect is planned once, whoever plans it again", async () => {
  const { store } = world;
  const plan = (expectedVersion: number) =>
    store.append({ stream: "once/1", expectedVersion, events: [stale()], commands: [notify("once")] });
  await plan(0);
  await plan(1);
  expect(await store.effectsOf("once/1")).toHaveLength(1);
});

test("of one job key the last request wins, also within one append", async () => {
  const { store } = world;
  const look = (n: number) => ({ task: "look", payload: { n }, key: "look:same" });
  await store.append({ stream: "jobs/1", expectedVersion: 0, events: [stale()], jobs: [look(1), look(2)] });
  await Promise.all([3, 4, 5].map((n) => store.append({ stream: `jobs/${n}`, expectedVersion: 0, events: [stale()], jobs: [look(n)] })));
  const { rows } = await world.database.pool.query("select payload from graphile_worker._private_jobs where key = 'look:same'");
  expect(rows).toEqual([{ payload: { n: 5 } }]);
});

test("NUL and lone surrogates do not stop an event, and other text comes back as it was", async () => {
  const { store } = world;
  const text = (newHash: string) => stale(newHash, { causationId: "run\0:1" });
  const strange = ["a\0b", "half \ud83d", "\udc00 low", "whole 😀", "written \\u0000 out", "written \\\\ud800 out", "null"];
  await store.append({ stream: "strange/1", expectedVersion: 0, events: strange.map(text) });
  await store.append({ stream: "strange/2", expectedVersion: 0, events: [text("a\0b")] });
  const events = [...(await store.readStream("strange/1")), ...(await store.readStream("strange/2"))];
  expect(events.map(({ data }) => ("newHash" in data ? data.newHash : data))).toEqual([
    "ab",
    "half \ufffd",
    "\ufffd low",
    "whole 😀",
    "written \\u0000 out",
    "written \\\\ud800 out",
    "null",
    "ab",
  ]);
  expect(events[0]?.causationId).toBe("run:1");
});
