/** F16: a Discord that never answers costs messages in Discord, and nothing else. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { issueStream } from "../../app/domain/ids.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { startWorld, type World } from "../world/world.ts";
import { type BusyRepository, openBusyRepository } from "./busy-repository.ts";
import { openSender } from "./sender.ts";

/** More than the app's worker does at a time. */
const ISSUES = 10;

const sender = openSender();
let folder: string;
let database: TestDatabase;
let world: World;
let repository: BusyRepository;
let rig: Conductor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-discord-"));
  [database, world] = await Promise.all([createTestDatabase(), startWorld()]);
  repository = await openBusyRepository(world);
  rig = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, "app.log") });
}, 180_000);
afterAll(async () => {
  sender.close();
  world.discord.faults.hangs = false;
  await rig?.close();
  await world?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const effects = async (numbers: readonly number[]) =>
  (await Promise.all(numbers.map((number) => rig.store.effectsOf(issueStream("acme", "busy", number))))).flat();
const toDiscord = ({ data }: { readonly data: unknown }) => JSON.stringify(data).includes('"surface":"discord-card"');
const cards = () =>
  world.discord.messages(world.discord.channels["conductor-e"]).filter(({ embeds }) => JSON.stringify(embeds).includes('"title":"acme/'));

/** Issues are handed over; answers their numbers, and the milliseconds until all that GitHub is to be told was told. */
async function handOver(): Promise<{ readonly numbers: readonly number[]; readonly ms: number }> {
  const line = sender.connect();
  const issues = [];
  for (let n = 0; n < ISSUES; n += 1) issues.push(await repository.handOver(`Round prices ${n}`));
  const numbers = issues.map(({ number }) => number);
  const begun = performance.now();
  for (const { deliveries } of issues) for (const delivery of deliveries) await line.deliver(delivery);
  for (;;) {
    const found = await effects(numbers);
    const atGitHub = found.filter((effect) => !toDiscord(effect));
    const dispatched = found.filter(({ kind }) => kind === "DISPATCH_RUN").length;
    if (dispatched === ISSUES && atGitHub.every(({ state }) => state === "confirmed")) return { numbers, ms: performance.now() - begun };
    await pause(50);
  }
}

test("while Discord hangs, GitHub is written to as fast as ever; afterwards every issue has its card", async () => {
  await rig.quiet();
  const usual = await handOver();
  await rig.quiet();
  world.discord.faults.hangs = true;
  const hanging = await handOver();
  expect(hanging.ms).toBeLessThan(1.5 * usual.ms + 3_000);
  expect(cards()).toHaveLength(ISSUES);
  for (const number of hanging.numbers) expect(await repository.statusComments(number)).toBe(1);

  world.discord.faults.hangs = false;
  await Promise.all(hanging.numbers.map((number) => rig.shown(issueStream("acme", "busy", number))));
  expect(new Set((await effects(hanging.numbers)).filter(toDiscord).map(({ state }) => state))).toEqual(new Set(["confirmed"]));
  expect(cards()).toHaveLength(2 * ISSUES);
}, 240_000);
