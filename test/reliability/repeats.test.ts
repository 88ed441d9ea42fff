import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { issueStream } from "../../app/domain/ids.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import type { Outgoing } from "../world/github/webhooks/delivery.ts";
import { startWorld, type World } from "../world/world.ts";
import { type BusyRepository, openBusyRepository } from "./busy-repository.ts";
import { doneOnce, outcomeOf } from "./outcome.ts";
import { openSender, underAnotherGuid } from "./sender.ts";

const TIMES = 20;

const sender = openSender();
let folder: string;
let testDatabase: TestDatabase;
let world: World;
let repository: BusyRepository;
let rig: Conductor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-repeats-"));
  testDatabase = await createTestDatabase();
  world = await startWorld();
  repository = await openBusyRepository(world);
  rig = await startConductor(world, { databaseUrl: testDatabase.url, logFile: join(folder, "app.log") });
});
afterAll(async () => {
  sender.close();
  await rig?.close();
  await world?.close();
  await testDatabase?.close();
  await rm(folder, { recursive: true, force: true });
});

/** An issue that Jonas hands over, and the delivery that tells of it. */
async function labelled(title: string): Promise<{ readonly number: number; readonly delivery: Outgoing }> {
  const { number, deliveries } = await repository.handOver(title);
  const delivery = deliveries.find(({ event, action }) => event === "issues" && action === "labeled");
  if (!delivery) throw new Error(`GitHub told nobody that #${number} was labelled.`);
  return { number, delivery };
}

async function isDoneOnce(number: number): Promise<void> {
  await rig.quiet();
  expect(await outcomeOf(rig, repository, [number])).toEqual([doneOnce]);
}

async function started(number: number): Promise<void> {
  const isStarted = async () => (await rig.events(issueStream("acme", "busy", number))).some(({ type }) => type === "RUN_REQUESTED");
  while (!(await isStarted())) await pause(20);
}

async function settled(guid: string) {
  for (;;) {
    const delivery = await rig.store.loadDelivery(guid);
    if (delivery && delivery.state !== "stored") return delivery;
    await pause(20);
  }
}

test("a delivery that comes twenty times at once is one row, one run and one comment", async () => {
  const { number, delivery } = await labelled("Said twenty times");
  const tries = await Promise.all(Array.from({ length: TIMES }, () => sender.connect().send(delivery)));
  expect(tries.map(({ status }) => status)).toEqual(Array(TIMES).fill(202));
  expect(tries.filter(({ result }) => result === "stored")).toHaveLength(1);
  await isDoneOnce(number);
  expect(await rig.store.loadDelivery(delivery.guid)).toMatchObject({ state: "handled", attempts: 1 });
});

test("a fact that is told under twenty names is twenty rows, one run and one comment", async () => {
  const { number, delivery } = await labelled("Told under twenty names");
  const told = Array.from({ length: TIMES }, () => underAnotherGuid(delivery));
  const tries = await Promise.all(told.map((one) => sender.connect().send(one)));
  expect(tries.map(({ status, result }) => [status, result])).toEqual(Array(TIMES).fill([202, "stored"]));
  await isDoneOnce(number);
  const rows = await Promise.all(told.map(({ guid }) => rig.store.loadDelivery(guid)));
  expect(rows.map((row) => row?.state)).toEqual(Array(TIMES).fill("handled"));
});

test("a delivery signed with the word everybody knows is refused, and leaves nothing", async () => {
  const { number, delivery } = await labelled("Signed by anybody");
  const forged = { ...delivery, secret: "development" };
  expect(await sender.connect().send(forged)).toMatchObject({ status: 401 });
  expect(await rig.store.loadDelivery(delivery.guid)).toBeUndefined();
  await rig.quiet();
  expect(await rig.events(issueStream("acme", "busy", number))).toEqual([]);
});

const inserted = (json: string) => (body: string) => body.replace("{", `{${json},`);

test.each([
  ["NUL in a text", "handled", inserted('"note":"a\\u0000b"')],
  ["NUL in what is stored of it", "handled", (body: string) => body.replace('"default_branch":"main"', '"default_branch":"ma\\u0000in"')],
  ["a lone surrogate", "handled", inserted('"note":"\\ud800"')],
  ["a number beyond numbers", "handled", inserted('"note":1e400000')],
  ["an issue whose number is beyond numbers", "dead", (body: string) => body.replace(/"number":\d+/g, '"number":1e400000')],
  ["nesting 10,000 deep", "handled", inserted(`"note":${"[".repeat(10_000)}${"]".repeat(10_000)}`)],
  ["no JSON", "dead", () => "{nonsense"],
  ["nothing in it", "dead", () => ""],
  ["JSON that is no object", "dead", () => "42"],
  ["a list", "dead", () => "[]"],
  ["an object that says nothing", "dead", () => "{}"],
  ["a repository whose id is a text", "dead", (body: string) => body.replace(/"repository":\{"id":\d+/, '"repository":{"id":"seven"')],
  ["an issue that is none", "dead", (body: string) => body.replace(/"issue":\{/, '"issue":null,"other":{')],
])("a delivery with %s is stored as it came, ends as %s, and the next one is heard", async (what, state, spoilt) => {
  const { number, delivery } = await labelled(`Told after ${what}`);
  const body = spoilt(delivery.body);
  expect(body).not.toBe(delivery.body);
  const strange = { ...underAnotherGuid(delivery), body };
  const line = sender.connect();
  expect(await line.send(strange)).toMatchObject({ status: 202, result: "stored" });
  expect(await line.send(delivery)).toMatchObject({ status: 202, result: "stored" });
  await started(number);
  const stored = await settled(strange.guid);
  expect(stored.raw?.toString()).toBe(body);
  expect([stored.state, stored.error]).toEqual([state, state === "dead" ? expect.any(String) : null]);
});

test("an event the Rig does not listen to is stored and left alone", async () => {
  const { delivery } = await labelled("Starred");
  const star = { ...underAnotherGuid(delivery), event: "star" };
  expect(await sender.connect().send(star)).toMatchObject({ status: 202 });
  expect(await settled(star.guid)).toMatchObject({ state: "ignored" });
});
