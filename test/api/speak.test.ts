import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { EventType } from "../../app/domain/events.ts";
import { issueStream } from "../../app/domain/ids.ts";
import { type BusyRepository, openBusyRepository } from "../reliability/busy-repository.ts";
import { openSender } from "../reliability/sender.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { startWorld, type World } from "../world/world.ts";
import { type Answered, type Ask, openApi } from "./contract.ts";

const token = "a-token-of-annas";
const sender = openSender();
let folder: string;
let testDatabase: TestDatabase;
let world: World;
let repository: BusyRepository;
let rig: Conductor;
let ask: Ask;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-speak-"));
  testDatabase = await createTestDatabase();
  world = await startWorld();
  repository = await openBusyRepository(world);
  const sha256 = createHash("sha256").update(token).digest("hex");
  rig = await startConductor(world, {
    databaseUrl: testDatabase.url,
    logFile: join(folder, "app.log"),
    env: { RIG_API_TOKENS: `anna:${sha256},bert:${createHash("sha256").update("berts").digest("hex")}` },
  });
  ask = await openApi(() => rig.url);
}, 180_000);
afterAll(async () => {
  sender.close();
  await rig?.close();
  await world?.close();
  await testDatabase?.close();
  await rm(folder, { recursive: true, force: true });
});

const say = (words: object, headers: Record<string, string> = {}): Promise<Answered> =>
  ask("/api/events", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ repo: "acme/busy", ...words }),
  });

const streamOf = (number: number) => issueStream("acme", "busy", number);
const typesOf = async (number: number) => (await rig.events(streamOf(number))).map(({ type }) => type);
const times = async (number: number, type: EventType) => (await typesOf(number)).filter((one) => one === type).length;

/** An issue whose agent was asked for, and waits for a runner for ever. */
async function handedOver(title: string): Promise<number> {
  const { number, deliveries } = await repository.handOver(title);
  await Promise.all(deliveries.map((delivery) => sender.connect().deliver(delivery)));
  while (!(await typesOf(number)).includes("RUN_REQUESTED")) await pause(20);
  await rig.quiet();
  return number;
}

test("what is accepted stands in the issue's history, and the corridor acts on it", async () => {
  const issueNumber = await handedOver("Held from outside");
  const answered = await say({ type: "ISSUE_HELD", issueNumber, reason: "The kettle is broken." });
  expect(answered).toMatchObject({
    status: 200,
    body: { streamId: `acme/busy#${issueNumber}`, type: "ISSUE_HELD", result: "accepted", timestamp: expect.stringMatching(/Z$/) },
  });
  const events = await rig.events(streamOf(issueNumber));
  expect(events.find(({ type }) => type === "ISSUE_HELD")).toMatchObject({
    data: { by: "anna", reason: "The kettle is broken." },
    actor: { kind: "human", login: "anna", id: 0 },
    causationId: "api:anna",
  });
  expect((await rig.store.issueByStream(streamOf(issueNumber)))?.state).toBe("held");

  expect((await say({ type: "ISSUE_HELD", issueNumber, reason: "Again." })).body).toMatchObject({
    result: "rejected",
    reason: expect.stringContaining("held already"),
  });
  expect((await say({ type: "ISSUE_RELEASED", issueNumber, reason: "It is mended." })).body).toMatchObject({ result: "accepted" });
  expect(await times(issueNumber, "ISSUE_RELEASED")).toBe(1);
});

test("said twice under one key it counts once; the key stands for nothing else, and is each speaker's own", async () => {
  const issueNumber = await handedOver("Made urgent twice");
  const words = { type: "PRIORITY_CHANGED", issueNumber, from: "normal", to: "high" };
  const key = { "idempotency-key": "made-urgent" };
  const first = await say(words, key);
  expect(first.body).toMatchObject({ result: "accepted" });
  const repeats = await Promise.all([say(words, key), say(words, key)]);
  expect(repeats.map(({ body }) => (body as { result: string }).result)).toEqual(["duplicate", "duplicate"]);
  expect(await times(issueNumber, "PRIORITY_CHANGED")).toBe(1);

  expect((await say({ ...words, from: "high", to: "critical" }, key)).body).toMatchObject({
    result: "rejected",
    reason: expect.stringContaining("Idempotency-Key stands for another event"),
  });
  const bert = { ...key, authorization: "Bearer berts" };
  expect((await say({ ...words, from: "high", to: "normal" }, bert)).body).toMatchObject({ result: "accepted" });
  expect((await say(words)).body).toMatchObject({ result: "accepted" });
  expect((await say(words)).body).toMatchObject({ result: "rejected", reason: "its priority is high, not normal" });
});

test("said twice at once under one key it counts once as well, though the second finds the issue changed", async () => {
  const issueNumber = await handedOver("Held twice at once");
  const words = { type: "ISSUE_HELD", issueNumber, reason: "The kettle is broken." };
  const both = await Promise.all([say(words, { "idempotency-key": "held" }), say(words, { "idempotency-key": "held" })]);
  expect(both.map(({ body }) => (body as { result: string }).result).toSorted()).toEqual(["accepted", "duplicate"]);
  expect(await times(issueNumber, "ISSUE_HELD")).toBe(1);
});

test("what only GitHub may say, and what takes a permission there, is rejected with the reason", async () => {
  const issueNumber = await handedOver("Approved from outside");
  const before = await typesOf(issueNumber);
  for (const type of [
    "ISSUE_APPROVED",
    "HUMAN_GATE_APPROVED",
    "REVIEW_PASSED",
    "CI_PASSED",
    "MERGED",
    "VERIFIED",
    "COUNTERS_RESET",
    "BUDGET_RAISED",
    "ESCALATION_RESOLVED",
  ]) {
    expect((await say({ type, issueNumber, by: "anna", usd: 1 })).body).toMatchObject({
      type,
      result: "rejected",
      reason: expect.stringContaining("does not come from outside"),
    });
  }
  expect((await say({ type: "ISSUE_HELD", issueNumber, by: "maria", reason: "I am not Maria." })).body).toMatchObject({
    result: "rejected",
    reason: expect.stringContaining("by is anna"),
  });
  expect((await say({ type: "ISSUE_HELD", issueNumber: 999, reason: "Nobody asked." })).body).toMatchObject({
    result: "rejected",
    reason: "the issue was never handed over",
  });
  expect((await say({ type: "QUESTION_ANSWERED", issueNumber, text: "Green." })).body).toMatchObject({
    result: "rejected",
    reason: "no question waits for an answer",
  });
  expect(await typesOf(issueNumber)).toEqual(before);
  expect(await rig.events(streamOf(999))).toEqual([]);
});

test("an agent's heartbeat speaks of its own run, and the history is not flooded", async () => {
  const issueNumber = await handedOver("Beaten for");
  const [run] = await rig.store.runsOfStream(streamOf(issueNumber));
  if (!run) throw new Error("No run was asked for.");
  const beat = {
    type: "HEARTBEAT",
    issueNumber,
    agentId: run.agentId,
    runId: run.runId,
    status: "working",
    progress: { turns: 1, toolCalls: 2 },
  };
  for (let nth = 0; nth < 3; nth += 1) expect((await say(beat)).body).toMatchObject({ result: "accepted" });
  expect(await times(issueNumber, "HEARTBEAT")).toBe(1);
  expect((await rig.store.agents()).find(({ runId }) => runId === run.runId)).toMatchObject({
    status: "working",
    progress: { toolCalls: 2 },
  });
  expect((await say({ ...beat, agentId: "dev-e-77" })).body).toMatchObject({
    result: "rejected",
    reason: expect.stringContaining(`is ${run.agentId}'s`),
  });
  const { runId: _, ...idle } = beat;
  expect((await say(idle)).body).toMatchObject({ result: "rejected", reason: expect.stringContaining("name the runId") });
});

test("an unknown type is answered as the earlier system did, to the letter", async () => {
  const answered = await say({ type: "TEA_BREWED" });
  expect(answered).toMatchObject({ status: 400, type: "application/json", body: { error: "Unknown event type: TEA_BREWED" } });
  expect(Object.keys(answered.body as object)).toEqual(["error"]);
});

test.each([
  ["no type", { type: undefined }, "The field type must name the event"],
  ["no repository", { repo: undefined }, "The field repo must be a repository as owner/name"],
  ["a bare name", { repo: "busy" }, "The field repo must be"],
  ["no number", { issueNumber: undefined }, "The field issueNumber must be a whole number above zero"],
  ["a number as text", { issueNumber: "1" }, "The field issueNumber must be"],
  ["a field of the event left out", { reason: undefined }, "The field reason"],
])("%s is a problem that names it", async (_, change, words) => {
  const answered = await say({ type: "ISSUE_HELD", issueNumber: 1, reason: "Wait.", ...change });
  expect(answered).toMatchObject({ status: 400, type: "application/problem+json", body: { detail: expect.stringContaining(words) } });
});

test("a repository without the App, a body that is none, and one that is too large are told apart", async () => {
  const words = { type: "ISSUE_HELD", issueNumber: 1, reason: "Wait." };
  expect(await say({ ...words, repo: "acme/elsewhere" })).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining("not installed in acme/elsewhere") },
  });
  const send = (body: string, type: string) =>
    ask("/api/events", { method: "POST", headers: { "content-type": type, authorization: `Bearer ${token}` }, body });
  expect(await send("{", "application/json")).toMatchObject({
    status: 400,
    type: "application/problem+json",
    body: { detail: expect.stringContaining("not JSON") },
  });
  expect(await send("type=ISSUE_HELD", "application/x-www-form-urlencoded")).toMatchObject({
    status: 415,
    type: "application/problem+json",
  });
  expect(await send(JSON.stringify({ ...words, reason: "x".repeat(70_000) }), "application/json")).toMatchObject({
    status: 413,
    type: "application/problem+json",
  });
});
