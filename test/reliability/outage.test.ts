import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { issueStream } from "../../app/domain/ids.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { startWorld, type World } from "../world/world.ts";
import { type BusyRepository, openBusyRepository } from "./busy-repository.ts";
import { type CrashingPostgres, startCrashingPostgres } from "./crashing-postgres.ts";
import { isAcknowledged, openSender } from "./sender.ts";
import { timePasses } from "./time-passes.ts";

/** Longer than a worker's lease. */
const A_WHILE_S = 20;

const sender = openSender();
let folder: string;
let postgres: CrashingPostgres;
let world: World;
let repository: BusyRepository;
let rig: Conductor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-outage-"));
  postgres = await startCrashingPostgres();
  world = await startWorld();
  repository = await openBusyRepository(world);
  rig = await startConductor(world, { databaseUrl: postgres.url, logFile: join(folder, "app.log") });
});
afterAll(async () => {
  sender.close();
  await rig?.close();
  await world?.close();
  await postgres?.close();
  await rm(folder, { recursive: true, force: true });
});

const statusOf = async (path: string) => (await fetch(`${rig.url}${path}`)).status;

async function started(number: number): Promise<void> {
  const isStarted = async () => (await rig.events(issueStream("acme", "busy", number))).some(({ type }) => type === "RUN_REQUESTED");
  while (!(await isStarted())) await pause(20);
}

test("while its database is away the app acknowledges nothing, and afterwards it works on by itself", async () => {
  const line = sender.connect();
  const before = await repository.handOver("Before the outage");
  for (const delivery of before.deliveries) await line.deliver(delivery);
  await started(before.number);

  const during = await repository.handOver("During the outage");
  await postgres.crash();
  for (const delivery of during.deliveries) {
    const begun = performance.now();
    expect(await line.send(delivery)).toMatchObject({ status: 503 });
    expect(performance.now() - begun).toBeLessThan(2_000);
  }
  expect([await statusOf("/healthz"), await statusOf("/readyz")]).toEqual([200, 503]);

  await postgres.restart();
  await timePasses(postgres.url, A_WHILE_S);
  for (const delivery of during.deliveries) await line.deliver(delivery);
  expect(sender.attempts.filter((attempt) => !isAcknowledged(attempt)).length).toBeGreaterThanOrEqual(during.deliveries.length);
  await started(during.number);
  await rig.quiet();
  expect([await statusOf("/healthz"), await statusOf("/readyz")]).toEqual([200, 200]);
  for (const { number } of [before, during]) expect(await repository.statusComments(number)).toBe(1);
  expect(await repository.runTitles()).toHaveLength(2);
}, 180_000);
