import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { board } from "../app/board.ts";
import { BOARD } from "../app/domain/ids.ts";
import { connectDiscord } from "../app/executors/discord.ts";
import { show } from "../app/executors/show/show.ts";
import { hands } from "./executors/hands.ts";
import { approved, assigned, openTestStore, subject, type TestStore, tell } from "./store/support.ts";
import { startDiscord } from "./world/discord.ts";

const ROOM = "1001";
const MINUTE_MS = 60_000;
const publicUrl = "https://rig.example";

let database: TestStore;
let world: Awaited<ReturnType<typeof startDiscord>>;
let clock = Date.parse("2026-11-22T09:00:00Z");
beforeAll(async () => {
  [database, world] = await Promise.all([openTestStore(), startDiscord()]);
});
afterAll(async () => {
  expect(world.violations).toEqual([]);
  await Promise.all([database.close(), world.close()]);
});

/** A pass, and whatever it planned is shown. */
async function pass(minutes = 0): Promise<void> {
  clock += minutes * MINUTE_MS;
  const { store } = database;
  const discord = connectDiscord(
    { apiUrl: world.apiUrl, botToken: "bot-token", channels: { "conductor-e": ROOM }, dashboardUrl: () => publicUrl },
    (text) => text,
  );
  if (!discord) throw new Error("No Discord is configured.");
  const now = () => new Date(clock);
  await board({ store, discord, config: { cto: ["maria"] }, publicUrl: () => publicUrl, now });
  const [planned] = (await store.effectsOf(BOARD)).filter(({ state }) => state === "planned");
  if (!planned) return;
  const claim = await store.claimEffect(planned.key, MINUTE_MS);
  if (!("effect" in claim) || claim.effect.kind !== "SHOW") throw new Error(`${planned.key} was not given out.`);
  const [shown] = await store.surfacesOf(BOARD);
  const { attempt, ...others } = hands({ key: planned.key, ...(shown?.externalId ? { externalId: shown.externalId } : {}) });
  const place = await store.placeOf(BOARD);
  const { response, surface } = await show(claim.effect.data, { ...others, ...(place ? { subject: place } : {}), attempt, discord });
  await store.settleEffect(planned.key, claim.epoch, "confirmed", { response, surface: surface && { stream: BOARD, ...surface } });
}

const requests = () => world.log.map(({ method }) => method);
const boardText = () => JSON.stringify(world.messages(ROOM).at(-1)?.embeds).replaceAll("\\", "");

test("without Discord nothing is planned", async () => {
  await board({ store: database.store, discord: undefined, config: { cto: [] }, publicUrl: () => publicUrl, now: () => new Date(clock) });
  expect(await database.store.effectsOf(BOARD)).toEqual([]);
});

test("one message, edited when a pass finds something else, and only then", async () => {
  await pass();
  expect(requests()).toEqual(["POST"]);
  await pass(5);
  expect(requests()).toEqual(["POST"]);

  await tell(database.store, subject(1), [approved("high", "Tip the waiter")]);
  await tell(database.store, subject(2), [approved("critical", "Save the soup"), ...assigned(subject(2), "dev-e-1", 2)]);
  await pass(5);
  expect(requests()).toEqual(["POST", "PATCH"]);
  expect(world.messages(ROOM)).toHaveLength(1);
  expect(boardText()).toContain("0 wait for you, 1 in work, 1 queued.");
  expect(boardText()).toContain(`1. [acme/shop#1](${publicUrl}/issues/acme/shop/1) Tip the waiter · high`);
  expect(boardText()).toContain(`dev-e-1 · [acme/shop#2](${publicUrl}/issues/acme/shop/2) Save the soup`);
});

test("what waits for people is told with whom and since when", async () => {
  await tell(database.store, subject(1), [
    { type: "ESCALATED", data: { level: "cto", about: "strikes", reason: "It failed twice.", attempts: 2, options: ["retry"] } },
  ]);
  await pass(5);
  expect(boardText()).toContain(`[acme/shop#1](${publicUrl}/issues/acme/shop/1) It failed twice. · maria · since <t:`);
  expect(boardText()).toContain("1 wait for you, 1 in work, 0 queued.");
});

test("a board on which nothing changes is still edited every hour, and made anew when somebody deleted it", async () => {
  const [message] = world.messages(ROOM);
  await fetch(`${world.apiUrl}/v10/channels/${ROOM}/messages/${message?.id}`, {
    method: "DELETE",
    headers: { authorization: "Bot bot-token" },
  });
  expect(world.messages(ROOM)).toEqual([]);
  await pass(60);
  expect(world.messages(ROOM)).toHaveLength(1);
  expect(requests().slice(-2)).toEqual(["PATCH", "POST"]);
});

test("a board that could not be shown for good is tried again at the next pass", async () => {
  const { store } = database;
  clock += 60 * MINUTE_MS;
  await board({ store, discord: neverAsked, config: { cto: [] }, publicUrl: () => publicUrl, now: () => new Date(clock) });
  const [planned] = (await store.effectsOf(BOARD)).filter(({ state }) => state === "planned");
  const claim = await store.claimEffect(planned?.key ?? "", MINUTE_MS);
  if (!("epoch" in claim)) throw new Error("The board was not given out.");
  await store.settleEffect(planned?.key ?? "", claim.epoch, "dead", { error: "Missing Access" });
  await board({ store, discord: neverAsked, config: { cto: [] }, publicUrl: () => publicUrl, now: () => new Date(clock) });
  expect((await store.effectsOf(BOARD)).at(-1)).toMatchObject({ state: "planned" });
});

const neverAsked = {
  show: () => Promise.reject(new Error("It is only planned.")),
  remove: () => Promise.reject(new Error("It is only planned.")),
  conditions: () => [],
};
