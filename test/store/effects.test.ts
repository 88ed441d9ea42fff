import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { assigned, jobKeys, notify, openTestStore, show, stale, subject, type TestStore, tell, until } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

const plan = (stream: string, ...commands: (ReturnType<typeof notify> & { readonly delayMs?: number })[]) =>
  world.store.append({ stream, expectedVersion: null, events: [stale()], commands });
const stateOf = async (stream: string, key: string) => (await world.store.effectsOf(stream)).find((effect) => effect.key === key);

/** A claim that must succeed. */
async function claimed(key: string, leaseMs = 60_000) {
  const claim = await world.store.claimEffect(key, leaseMs);
  if (!("effect" in claim)) throw new Error(`${key} was not given out: ${JSON.stringify(claim)}`);
  return claim;
}

/** When a key's job is to run, in milliseconds from now. */
async function jobIn(key: string): Promise<number | undefined> {
  const { rows } = await world.database.pool.query<{ ms: number }>(
    "select extract(epoch from run_at - clock_timestamp())::float8 * 1000 as ms from graphile_worker.jobs where key = $1",
    [`effect:${key}`],
  );
  return rows[0]?.ms;
}

test("a claimed effect comes with its command, and is nobody else's while the lease lasts", async () => {
  const appended = await plan("effects/1", notify("e1"));
  const claim = await claimed("e1");
  expect(claim).toMatchObject({
    epoch: 1,
    unknown: false,
    effect: { key: "e1", kind: "NOTIFY", stream: "effects/1", attempts: 1, data: { channel: "admin" } },
  });
  expect(appended).toMatchObject({ position: claim.effect.cause });
  const other = await world.store.claimEffect("e1", 1000);
  expect(other).toEqual({ wait: expect.any(Number) });
  expect("wait" in other && other.wait).toBeGreaterThan(50_000);
});

test("a confirmed effect keeps its answer and is never given out again", async () => {
  await plan("effects/2", notify("e2"));
  const { epoch } = await claimed("e2");
  expect(await world.store.settleEffect("e2", epoch, "confirmed", { response: { id: 42 } })).toBe(true);
  expect(await stateOf("effects/2", "e2")).toMatchObject({ state: "confirmed", response: { id: 42 } });
  expect(await world.store.claimEffect("e2", 1000)).toEqual({ state: "confirmed" });
});

test("when a holder is lost, the next one is told that the outcome is unknown, and the late finisher changes nothing", async () => {
  await plan("effects/3", notify("e3"));
  const lost = await claimed("e3", 1);
  const next = await until(async () => {
    const claim = await world.store.claimEffect("e3", 60_000);
    return "effect" in claim && claim;
  });
  expect(next).toMatchObject({ epoch: lost.epoch + 1, unknown: true, effect: { attempts: 2 } });
  expect(
    await world.store.settleEffect("e3", lost.epoch, "confirmed", {
      response: "late",
      jobs: [{ task: "look", payload: {}, key: "look:late" }],
    }),
  ).toBe(false);
  expect(await jobKeys(world)).not.toContain("look:late");
  expect(await stateOf("effects/3", "e3")).toMatchObject({ state: "sent", response: null });
  expect(await world.store.settleEffect("e3", next.epoch, "confirmed", { response: "mine" })).toBe(true);
});

test("an effect that is known not to be done comes again when it said, without a probe", async () => {
  await plan("effects/4", notify("e4"));
  const { epoch } = await claimed("e4");
  await world.store.settleEffect("e4", epoch, "planned", { retryMs: 30_000, error: "502" });
  expect(await stateOf("effects/4", "e4")).toMatchObject({ state: "planned", error: "502" });
  expect(await jobIn("e4")).toBeGreaterThan(25_000);
  const early = await world.store.claimEffect("e4", 1000);
  expect("wait" in early && early.wait).toBeGreaterThan(25_000);
});

test.each([
  ["planned", false],
  ["sent", true],
] as const)("after an attempt that ended as %s, the next claim's outcome is unknown: %s", async (state, unknown) => {
  const key = `again:${state}`;
  await plan(`effects/${key}`, notify(key));
  const { epoch } = await claimed(key);
  await world.store.settleEffect(key, epoch, state, { retryMs: 0 });
  expect(await claimed(key)).toMatchObject({ unknown, epoch: epoch + 1 });
});

test("a delayed effect waits for its time", async () => {
  await plan("effects/5", { ...notify("e5"), delayMs: 40_000 });
  const early = await world.store.claimEffect("e5", 1000);
  expect("wait" in early && early.wait).toBeGreaterThan(35_000);
});

test("of a lane one effect is under way at a time, in order, and who ends lets the next one go", async () => {
  await plan("effects/6", notify("l1", "lane"), notify("l2", "lane"), notify("l3", "lane"));
  const first = await claimed("l1");
  expect(await world.store.claimEffect("l2", 1000)).toEqual({ wait: expect.any(Number) });
  expect(await world.store.claimEffect("l3", 1000)).toEqual({ wait: expect.any(Number) });
  expect(await jobIn("l2")).toBeGreaterThan(500);
  await world.store.settleEffect("l1", first.epoch, "confirmed");
  expect(await jobIn("l2")).toBeLessThanOrEqual(0);
  const second = await claimed("l2");
  await world.store.settleEffect("l2", second.epoch, "dead", { error: "gone" });
  expect(await jobIn("l3")).toBeLessThanOrEqual(0);
  await claimed("l3");
});

test("in a lane, whoever runs first among many workers, the order holds and everything is done", async () => {
  const keys = Array.from({ length: 12 }, (_, n) => `crowd:${n}`);
  await plan("effects/7", ...keys.map((key) => notify(key, "crowd")));
  const done: string[] = [];
  await Promise.all(
    keys.toReversed().map((key) =>
      until(async () => {
        const claim = await world.store.claimEffect(key, 60_000);
        if (!("effect" in claim)) return false;
        done.push(key);
        return world.store.settleEffect(key, claim.epoch, "confirmed");
      }),
    ),
  );
  expect(done).toEqual(keys);
});

test("a newer picture replaces those of its surface that nobody has begun to draw", async () => {
  await plan("effects/8", show("s1", "pictures"));
  const drawing = await claimed("s1");
  await plan("effects/8", show("s2", "pictures"));
  await plan("effects/8", show("s3", "pictures"), notify("n1", "pictures:other"));
  expect(await world.store.claimEffect("s2", 1000)).toEqual({ state: "superseded" });
  expect(await world.store.claimEffect("s3", 1000)).toEqual({ wait: expect.any(Number) });
  await world.store.settleEffect("s1", drawing.epoch, "confirmed", {
    surface: { stream: "effects/8", surface: "labels", hash: "s1", externalId: "12" },
  });
  const last = await claimed("s3");
  await world.store.settleEffect("s3", last.epoch, "confirmed", { surface: { stream: "effects/8", surface: "labels", hash: "s3" } });
  expect(await world.store.surfacesOf("effects/8")).toMatchObject([{ surface: "labels", hash: "s3", externalId: "12" }]);
  expect((await world.store.effectsOf("effects/8")).map(({ key }) => key)).toEqual(["s3", "n1"]);
});

test("what a dispatch answered is kept with its run, and its jobs are added with it", async () => {
  const of = subject(9);
  await tell(world.store, of, assigned(of, "dev-e-1", 1), [notify("d1")]);
  const [run] = await world.store.runsOfStream(of.stream);
  const { epoch } = await claimed("d1");
  await world.store.settleEffect("d1", epoch, "confirmed", {
    run: { runId: run?.runId ?? "", workflowRunId: 4242, workflowRunUrl: "https://github.test/run/4242" },
    jobs: [{ task: "look", payload: {}, key: "look:dispatched" }],
  });
  expect(await world.store.run(run?.runId ?? "")).toMatchObject({ workflowRunId: 4242, workflowRunUrl: "https://github.test/run/4242" });
  expect(await jobKeys(world)).toContain("look:dispatched");
});

test("an open effect that lost its job gets another, so that its lane is not stuck", async () => {
  await plan("effects/10", notify("r1"));
  await world.database.pool.query("select graphile_worker.remove_job('effect:r1')");
  expect(await jobKeys(world)).not.toContain("effect:r1");
  await until(async () => {
    await world.store.reviveEffects(1);
    return (await jobKeys(world)).includes("effect:r1");
  });
});

test("an effect nobody planned is an error with its name", async () => {
  await expect(world.store.claimEffect("no such", 1000)).rejects.toThrow("There is no effect no such.");
});
