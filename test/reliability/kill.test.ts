import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openDatabase } from "../../app/store/database.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { startWorld, type World } from "../world/world.ts";
import { type BusyRepository, openBusyRepository } from "./busy-repository.ts";
import { judge, verdictLine } from "./ledger.ts";
import { cardsIn, doneOnce, outcomeOf } from "./outcome.ts";
import { seeded } from "./seeded.ts";
import { openSender, toldAgain } from "./sender.ts";
import { timePasses } from "./time-passes.ts";

const DELIVERIES = 500;
const ISSUES = 24;
const CONNECTIONS = 16;
const KILLS = 10;
/** When the app dies, one after the other. */
const moments = [
  "at any time",
  "actions/create-workflow-dispatch",
  "while it starts",
  "issues/create-comment",
  "actions/create-workflow-dispatch",
];
/** Longer than a worker's lease. */
const A_WHILE_S = 20;

const sender = openSender();
const { seed, between, chance, shuffled } = seeded();
let folder: string;
let testDatabase: TestDatabase;
let world: World;
let repository: BusyRepository;
let rig: Conductor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-kill-"));
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

test("500 deliveries over 16 connections, with the app killed ten times: what was acknowledged is there once, and everything was done once", async () => {
  process.stdout.write(`The app is killed at moments of SEED=${seed}\n`);
  const issues: number[] = [];
  const sent = new Map<string, string>();
  let lives = 1;
  let turn = 0;
  let handedOver = 0;
  const wait = (milliseconds: number) => pause(milliseconds, undefined, { signal: sender.over });

  /** Each life of the app gets its share of the deliveries. */
  const myTurn = async (): Promise<void> => {
    const share = Math.floor((turn++ * (KILLS + 1)) / DELIVERIES);
    while (lives <= share) await wait(10);
    await wait(between(0, 300));
  };
  async function speak(): Promise<void> {
    const line = sender.connect();
    while (handedOver < ISSUES) {
      const nth = handedOver++;
      const { number, deliveries } = await repository.handOver(`Matter ${nth}`);
      issues.push(number);
      const wanted = Math.floor(((nth + 1) * DELIVERIES) / ISSUES) - Math.floor((nth * DELIVERIES) / ISSUES);
      for (const delivery of shuffled(toldAgain(deliveries, wanted))) {
        sent.set(delivery.guid, delivery.body);
        await myTurn();
        await line.deliver(delivery);
        if (chance(0.1)) await line.deliver(delivery);
      }
    }
  }

  /** Until the Rig has just done something that would show if it did it twice; most likely it has not noted yet that it did. */
  async function justDone(wanted: string): Promise<void> {
    const done = () =>
      world.github.writes.filter(({ operation, actor }) => operation === wanted && actor === world.apps.rig.botLogin).length;
    const before = done();
    const deadline = Date.now() + 3_000;
    while (done() === before && Date.now() < deadline) await wait(1);
  }
  async function kill(): Promise<void> {
    for (let nth = 1; nth <= KILLS; nth += 1) {
      const moment = moments[nth % moments.length] ?? "at any time";
      const started = nth > 1 ? rig.start() : Promise.resolve();
      started.catch(() => {});
      if (moment !== "while it starts") await started;
      if (moment === "while it starts") await wait(between(200, 1_200));
      else if (moment === "at any time") await wait(between(50, 1_000));
      else await justDone(moment);
      await rig.kill();
      await Promise.allSettled([started]);
      if (nth === KILLS || chance(0.5)) await timePasses(testDatabase.url, A_WHILE_S);
      lives = nth + 1;
    }
    await rig.start();
  }
  await Promise.all([kill(), ...Array.from({ length: CONNECTIONS }, speak)]);
  await rig.quiet();

  const database = await openDatabase({ databaseUrl: testDatabase.url, poolSize: 1 });
  const { rows } = await database.pool.query<{ guid: string; raw: Buffer; state: string }>("select guid, raw, state from rig.deliveries");
  await database.close();
  const verdict = judge(
    sender.attempts,
    rows.map(({ guid }) => guid),
  );
  process.stdout.write(verdictLine(`${KILLS} kills`, verdict));
  expect(verdict).toMatchObject({ attempted: DELIVERIES, acknowledged: DELIVERIES, stored: DELIVERIES });
  expect(verdict).toMatchObject({ lost: [], duplicated: [], unexpected: [] });
  expect(rows.filter(({ guid, raw }) => sent.get(guid) !== raw.toString())).toEqual([]);
  expect(rows.filter(({ state }) => state !== "handled")).toEqual([]);

  expect(issues).toHaveLength(ISSUES);
  expect(await outcomeOf(rig, repository, issues)).toEqual(Array(ISSUES).fill(doneOnce));
  expect(await repository.runTitles()).toHaveLength(ISSUES);
  expect(cardsIn(world)).toHaveLength(ISSUES);
  expect(world.violations()).toEqual([]);
}, 120_000);
