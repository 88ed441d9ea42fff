/** What people get to see in Discord, and how it fares when Discord does not play along. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { DiscordMessage } from "../../app/domain/commands.ts";
import { bodyOf } from "../../app/executors/discord/body.ts";
import { connectDiscord } from "../../app/executors/discord.ts";
import type { Attempt } from "../../app/executors/executor.ts";
import { notify } from "../../app/executors/notify.ts";
import { startDiscord } from "../world/discord.ts";
import { carelessCalls, problemsOf } from "../world/discord-limits.ts";
import { hands } from "./hands.ts";

const channels = { "conductor-e": "1001", admin: "1002" };
const MARIA = "123456789012345678";
const MINUTE_MS = 60_000;

let world: Awaited<ReturnType<typeof startDiscord>>;
let clock: number;
let warnings: string[];
beforeEach(async () => {
  clock = Date.parse("2026-11-22T09:00:00Z");
  warnings = [];
  world = await startDiscord({ now });
});
afterEach(async () => {
  expect(world.violations).toEqual([]);
  await world.close();
});

const now = () => clock;
const redact = (text: string) => text.replaceAll("hunter2hunter2", "***");
const links = ["https://rig.example", "https://github.com/acme/shop"];
const words = (title: string, more: Partial<DiscordMessage> = {}): DiscordMessage => ({
  title,
  color: 1,
  description: "It waits.",
  fields: [],
  mentions: [],
  ...more,
});
const settings = () => ({
  apiUrl: world.apiUrl,
  channels,
  githubUrl: "https://github.com",
  dashboardUrl: () => "https://rig.example",
  answersWithinMs: 2_000,
  now,
  warn: (message: string) => void warnings.push(message),
});
const open = (more: object = { botToken: "bot-token" }) => {
  const discord = connectDiscord({ ...settings(), ...more }, redact);
  if (!discord) throw new Error("No Discord is configured.");
  return discord;
};
const webhook = () => ({ webhookUrl: `${world.apiUrl}/v10/webhooks/42/secret` });
const say = (discord: ReturnType<typeof open>, title: string, attempt: Partial<Attempt> = {}, channel = "admin") =>
  notify({ channel, message: words(title) }, { ...hands({ key: title, ...attempt }), discord });
const titles = (place: string) => world.messages(place).map(({ embeds }) => (embeds[0] as { title: string }).title);
const calls = () => world.log.map(({ method, status }) => `${method} ${status}`);

const nasty = fc.array(
  fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "@everyone",
      "<@1>",
      "<@&2>",
      "<#3>",
      "</x:1>",
      "https://evil.example/x",
      "discord://x",
      "https://github.com/acme/shop/pull/7",
    ),
    fc.constantFrom("](", "[", "`", "\\", "\u202e", "\ud800", "\n", "<t:1:R>", "https://github.com/acme/shop/../../evil/x/pull/1"),
  ),
  { maxLength: 40 },
);
const text = nasty.map((parts) => parts.join(""));

test("R21: an address of ours calls nobody by what stands at its end", () => {
  const url = "https://github.com/acme/shop/pull/7@everyone";
  const { embeds } = bodyOf({ title: "t", description: "d", fields: [], mentions: [], url, color: 1 }, { redact, links });
  expect(embeds.map((embed) => embed.url)).toEqual(["https://github.com/acme/shop/pull/7%40everyone"]);
});

test("R21: whatever is written, nobody is called, no foreign address is linked, and Discord's limits hold", () => {
  const long = fc.tuple(text, fc.nat(3_000)).map(([some, times]) => some.repeat(1 + Math.floor(times / Math.max(1, some.length))));
  const field = fc.record({ name: long, value: long });
  const message = fc.record({
    title: long,
    description: long,
    fields: fc.array(field, { maxLength: 30 }),
    mentions: fc.array(text),
    url: text,
    color: fc.constant(1),
  });
  fc.assert(
    fc.property(message, (some) => {
      const body = bodyOf(some, { redact, links });
      expect([...problemsOf(body), ...carelessCalls(body)]).toEqual([]);
      const shown = JSON.stringify(body.embeds);
      expect(shown).not.toMatch(/@(?!\u200b)|<[@#:&]|[\u202a-\u202e]/);
      expect(shown.replaceAll("<t:1:R>", "")).not.toMatch(/(?<!\\)>/);
      const foreign = [...shown.matchAll(/\w+:\/\/[\w./-]*/g)].filter(
        ([url]) => !links.some((link) => url.startsWith(`${link}/`)) || url.includes(".."),
      );
      expect(foreign).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["https://github.com/acme/shop/pull/7.", "[acme/shop\\#7](https://github.com/acme/shop/pull/7)."],
  ["https://rig.example/issues/acme/shop/12", "[acme/shop\\#12](https://rig.example/issues/acme/shop/12)"],
  ["https://github.com/acme/other/pull/7", "https:\u200b//github.com/acme/other/pull/7"],
  ["https://github.com/acme/shop/../../evil", "https:\u200b//github.com/acme/shop/../../evil"],
  ["https://rig.example.evil.example/x", "https:\u200b//rig.example.evil.example/x"],
  ["since <t:1763802000:R>", "since <t:1763802000:R>"],
  ["hun\u200bter2hunter2", "\\*\\*\\*"],
])("R20, R21: %j is shown as it may be", (written, shown) => {
  expect(bodyOf(words("t", { description: written }), { redact, links }).embeds[0]?.description).toBe(shown);
});

test("only who is named is called, by an id", () => {
  const body = bodyOf(words("t", { mentions: [MARIA, MARIA, "everyone", "1> @here"] }), { redact, links });
  expect(body).toMatchObject({ content: `<@${MARIA}>`, allowed_mentions: { parse: [], users: [MARIA] } });
});

test.each([
  ["the bot", () => ({ botToken: "bot-token" }), "1002"],
  ["the webhook", webhook, "42"],
])("%s makes a message, edits it, and makes it anew when somebody deleted it", async (_, way, place) => {
  const discord = open(way());
  const { subject } = hands();
  const show = (title: string, externalId?: string) =>
    discord.show("admin", words(title), {
      subject,
      attempt: { key: title, plannedAt: new Date(clock), unknown: false, ...(externalId ? { externalId } : {}) },
    });
  const first = await show("one");
  expect(await show("two", first)).toBe(first);
  expect(titles(place)).toEqual(["two"]);
  await discord.remove(first ?? "");
  expect(titles(place)).toEqual([]);
  const second = await show("three", first);
  expect(second).not.toBe(first);
  expect(titles(place)).toEqual(["three"]);
});

test("a channel nobody configured is no error", async () => {
  expect(await say(open(), "hello", {}, "elsewhere")).toEqual({ response: { skipped: "no Discord channel is configured for elsewhere" } });
});

test.each([
  ["the bot", () => ({ botToken: "bot-token" }), "1002"],
  ["the webhook", webhook, "42"],
])("by %s, a reminder is there before the one it replaces goes", async (_, way, place) => {
  const discord = open(way());
  const { response } = await say(discord, "request");
  await say(discord, "reminder", { predecessor: String(response.messageId) });
  expect(titles(place)).toEqual(["reminder"]);
  expect(world.log.map(({ method }) => method)).toEqual(["POST", "POST", "DELETE"]);
  await say(discord, "another", { predecessor: String(response.messageId) });
  expect(titles(place)).toEqual(["reminder", "another"]);
});

test("when the answer to either half is lost, doing it again leaves one message", async () => {
  const discord = open();
  const { response } = await say(discord, "request");
  const predecessor = String(response.messageId);
  for (const _ of ["said", "taken away"]) {
    world.faults.answersLost = 1;
    await expect(say(discord, "reminder", { predecessor })).rejects.toMatchObject({ status: 504 });
    clock += MINUTE_MS;
  }
  await say(discord, "reminder", { predecessor, unknown: true });
  expect(titles("1002")).toEqual(["reminder"]);
});

test("what waits until Discord is back is put off at once, and not lost", async () => {
  const discord = open();
  world.faults.down = true;
  await expect(say(discord, "one")).rejects.toMatchObject({ status: 504, retryMs: 1_000 });
  await expect(say(discord, "two")).rejects.toMatchObject({ status: 429, retryMs: 1_000 });
  expect(calls()).toEqual(["POST 503"]);
  expect(discord.conditions()).toMatchObject([{ name: "discord" }]);
  clock += 1_000;
  await expect(say(discord, "one")).rejects.toMatchObject({ retryMs: 2_000 });
  world.faults.down = false;
  clock += 2_000;
  await say(discord, "one");
  await say(discord, "two");
  expect(titles("1002")).toEqual(["one", "two"]);
  expect(discord.conditions()).toEqual([]);
});

test("a Discord that never answers has at most two calls waiting, then one", async () => {
  const discord = open({ botToken: "bot-token", answersWithinMs: 200 });
  world.faults.hangs = true;
  const outcomes = await Promise.allSettled(["a", "b", "c", "d"].map((title) => say(discord, title)));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected", "rejected"]);
  expect(outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.status : 0)).toSorted()).toEqual([429, 429, 504, 504]);
  clock += MINUTE_MS;
  const again = await Promise.allSettled(["a", "b", "c"].map((title) => say(discord, title)));
  expect(again.map((outcome) => (outcome.status === "rejected" ? outcome.reason.status : 0)).toSorted()).toEqual([429, 429, 504]);
});

test("a healthy Discord takes everything, two at a time", async () => {
  const discord = open();
  await Promise.all(Array.from({ length: 12 }, (_, n) => say(discord, `n${n}`)));
  expect(titles("1002")).toHaveLength(12);
});

test("a limited channel waits as long as Discord says, and another does not", async () => {
  const discord = open();
  world.faults.rateLimited = 1;
  await expect(say(discord, "one")).rejects.toMatchObject({ status: 429, retryMs: expect.any(Number) });
  await expect(say(discord, "one")).rejects.toMatchObject({ status: 429 });
  await say(discord, "card", {}, "conductor-e");
  expect(calls()).toEqual(["POST 429", "POST 200"]);
});

test.each([403, 404] as const)("a channel that answers %i is off with a reason, the others are not", async (status) => {
  const discord = open();
  world.faults.refused.set("1002", status);
  for (const title of ["one", "two"])
    await expect(say(discord, title)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining(`answers ${status} for 1002`),
    });
  await say(discord, "card", {}, "conductor-e");
  expect(calls()).toEqual([`POST ${status}`, "POST 200"]);
  expect(warnings).toHaveLength(1);
  expect(discord.conditions()).toMatchObject([{ detail: warnings[0] }]);
  world.faults.refused.clear();
  clock += 10 * MINUTE_MS;
  await say(discord, "three");
  expect(discord.conditions()).toEqual([]);
});

test("a wrong token closes every channel, once and for all to see", async () => {
  const discord = open({ botToken: "another" });
  await expect(say(discord, "one")).rejects.toMatchObject({ status: 403, message: expect.stringContaining("DISCORD_BOT_TOKEN") });
  await expect(say(discord, "card", {}, "conductor-e")).rejects.toThrow("DISCORD_BOT_TOKEN");
  expect(calls()).toEqual(["POST 401"]);
});

test("a webhook that was deleted is off", async () => {
  const discord = open(webhook());
  world.faults.refused.set("42", 404);
  await expect(say(discord, "one")).rejects.toMatchObject({ status: 403 });
  expect(discord.conditions()).toHaveLength(1);
});
