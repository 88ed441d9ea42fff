import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { AgentId, RunId } from "../../app/domain/ids.ts";
import { assigned, openTestStore, subject, type TestStore, tell } from "./support.ts";

let world: TestStore;
let number = 0;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

/** A run that was asked for, of an issue and an agent instance of its own. */
async function requested(
  repositoryId = 1,
): Promise<{ readonly runId: RunId; readonly of: ReturnType<typeof subject>; readonly agentId: AgentId }> {
  const of = subject(++number, repositoryId);
  await tell(world.store, of, assigned(of, `dev-e-${number}`, 1));
  const [run] = await world.store.runsOfStream(of.stream);
  if (!run) throw new Error("The run was not projected.");
  return { runId: run.runId, of, agentId: run.agentId };
}
const later = () => new Date(Date.now() + 60_000);
const claim = (runId: string, more: object = {}) => ({
  runId,
  workflowRunId: 4242,
  attempt: 1,
  url: "https://github.test/run/4242",
  capabilityHash: `hash of ${runId}`,
  expiresAt: later(),
  ...more,
});

test("a run is claimed once, also when several ask at the same moment", async () => {
  const { runId } = await requested();
  const results = await Promise.all([1, 2, 3, 4].map(() => world.store.claimRun(claim(runId))));
  expect(results.sort()).toEqual(["already", "already", "already", "claimed"]);
  expect(await world.store.run(runId)).toMatchObject({
    claimedBy: "4242/1",
    workflowRunId: 4242,
    workflowRunUrl: "https://github.test/run/4242",
  });
});

test("a second attempt of the same workflow run takes the run over, and the first one's bearer ends", async () => {
  const { runId } = await requested();
  await world.store.claimRun(claim(runId, { capabilityHash: "first" }));
  expect(await world.store.claimRun(claim(runId, { attempt: 2, capabilityHash: "second" }))).toBe("claimed");
  expect(await world.store.runByCapability("first")).toBeUndefined();
  expect(await world.store.runByCapability("second")).toMatchObject({ runId, claimedBy: "4242/2" });
  expect(await world.store.claimRun(claim(runId))).toBe("already");
});

test("a run is unknown to other workflow runs, and so is one that nobody asked for", async () => {
  const { runId } = await requested();
  await world.store.claimRun(claim(runId));
  expect(await world.store.claimRun(claim(runId, { workflowRunId: 1, attempt: 2 }))).toBe("unknown");
  expect(await world.store.claimRun(claim("00000000-0000-8000-8000-000000000000"))).toBe("unknown");
});

test("a fenced run is not given out, and gets no token to publish", async () => {
  const { runId, of, agentId } = await requested();
  await tell(world.store, of, [{ type: "ISSUE_UNASSIGNED", data: { agentId, runId, cause: "preempted", reason: "a critical issue" } }]);
  expect(await world.store.claimRun(claim(runId))).toBe("fenced");
  expect(await world.store.grantPublish(runId, "publish", later())).toBe(false);
});

test("only a claimed run gets a token to publish, and then reports with the publish job's bearer alone", async () => {
  const { runId } = await requested();
  expect(await world.store.grantPublish(runId, "publish", later())).toBe(false);
  await world.store.claimRun(claim(runId));
  expect(await world.store.grantPublish(runId, "publish", later())).toBe(true);
  expect((await world.store.run(runId))?.publishGrantedAt).toBeInstanceOf(Date);
  expect(await world.store.runByCapability("publish")).toMatchObject({ runId });
  expect(await world.store.runByCapability(`hash of ${runId}`)).toBeUndefined();
});

test("a bearer is good until it expires", async () => {
  const [good, over] = [await requested(), await requested()];
  await world.store.claimRun(claim(good.runId));
  await world.store.claimRun(claim(over.runId, { expiresAt: new Date(Date.now() - 1000) }));
  expect(await world.store.runByCapability(`hash of ${good.runId}`)).toMatchObject({ runId: good.runId });
  expect(await world.store.runByCapability(`hash of ${over.runId}`)).toBeUndefined();
});

test("what is known live of a run outlives the next append to its issue", async () => {
  const { runId, of, agentId } = await requested();
  await world.store.claimRun(claim(runId));
  await tell(world.store, of, [{ type: "WORK_STARTED", data: { agentId, runId, workflowRunUrl: "https://github.test/run/4242" } }]);
  expect(await world.store.run(runId)).toMatchObject({ claimedBy: "4242/1", startedAt: expect.any(Date) });
});

test("usage adds up for the run, its issue and the repository's day, whoever counts at the same time", async () => {
  const [one, other] = [await requested(77), await requested(77)];
  const used = { input: 10, output: 5, cacheRead: 2, cacheWrite: 1, usd: 0.25 };
  await Promise.all([1, 2, 3, 4].map(() => world.store.addUsage(one.runId, used)));
  expect(await world.store.addUsage(other.runId, used)).toEqual({
    usd: { run: 0.25, issue: 0.25, day: 1.25 },
    tokens: { run: 18, issue: 18, day: 90 },
  });
  expect(await world.store.addUsage(one.runId, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 0 })).toEqual({
    usd: { run: 1, issue: 1, day: 1.25 },
    tokens: { run: 72, issue: 72, day: 90 },
  });
  expect(await world.store.run(one.runId)).toMatchObject({ tokens: { input: 40, output: 20, cacheRead: 8, cacheWrite: 4 }, usd: 1 });
  expect(await world.store.addUsage("00000000-0000-8000-8000-000000000000", used)).toBeUndefined();
});

test("of an agent's heartbeats the latest is kept", async () => {
  const { runId, agentId } = await requested(78);
  const beat = (turns: number) => world.store.seen(runId, { agentId, status: "working", runId, progress: { turns, toolCalls: 2 * turns } });
  await beat(1);
  await beat(2);
  expect(await world.store.agents(78)).toEqual([
    { repositoryId: 78, agentId, status: "working", runId, progress: { turns: 2, toolCalls: 4 }, seenAt: expect.any(Date) },
  ]);
  expect((await world.store.run(runId))?.lastSeenAt).toBeInstanceOf(Date);
});
