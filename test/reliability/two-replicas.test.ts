import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openDatabase } from "../../app/store/database.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { freePort, startWorld, type World } from "../world/world.ts";
import { type BusyRepository, openBusyRepository } from "./busy-repository.ts";
import { cardsIn, doneOnce, outcomeOf } from "./outcome.ts";
import { openSender } from "./sender.ts";

const ISSUES = 20;

const sender = openSender();
let folder: string;
let testDatabase: TestDatabase;
let world: World;
let repository: BusyRepository;
let replicas: readonly Conductor[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-replicas-"));
  testDatabase = await createTestDatabase();
  world = await startWorld();
  repository = await openBusyRepository(world);
  const ports = [new URL(world.rigUrl).port, String(await freePort())];
  replicas = await Promise.all(
    ports.map((PORT) => startConductor(world, { databaseUrl: testDatabase.url, logFile: join(folder, `app-${PORT}.log`), env: { PORT } })),
  );
});
afterAll(async () => {
  sender.close();
  await Promise.all(replicas.map((replica) => replica.close()));
  await world?.close();
  await testDatabase?.close();
  await rm(folder, { recursive: true, force: true });
});

test("two replicas on one database do together what one does alone, each thing once", async () => {
  const [first, second] = replicas;
  if (!first || !second) throw new Error("There are not two replicas.");
  const issues = await Promise.all(
    Array.from({ length: ISSUES }, async (_, nth) => {
      const { number, deliveries } = await repository.handOver(`Matter ${nth}`);
      // A balancer sends each delivery to either; what GitHub repeats goes to the other.
      const lines = [first, second].map(({ url }) => ({ url: `${url}/api/github/webhooks`, line: sender.connect() }));
      await Promise.all(deliveries.flatMap((delivery) => lines.map(({ url, line }) => line.deliver({ ...delivery, url }))));
      return number;
    }),
  );
  await first.quiet();

  expect(await outcomeOf(second, repository, issues)).toEqual(Array(ISSUES).fill(doneOnce));
  expect(await repository.runTitles()).toHaveLength(ISSUES);
  expect(cardsIn(world)).toHaveLength(ISSUES);
  expect(world.violations()).toEqual([]);

  const database = await openDatabase({ databaseUrl: testDatabase.url, poolSize: 1 });
  const { rows } = await database.pool.query("select attempts, state, count(*)::int as deliveries from rig.deliveries group by 1, 2");
  const workers = await database.pool.query("select from rig.workers where lease_until > now()");
  await database.close();
  expect(rows).toEqual([{ attempts: 1, state: "handled", deliveries: ISSUES * 3 }]);
  expect(workers.rows).toHaveLength(2);
}, 60_000);
