import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { REST, Routes } from "discord.js";
import { startDiscord } from "./discord.ts";

let discord: Awaited<ReturnType<typeof startDiscord>>;
let rest: REST;
let clock = Date.now();
beforeEach(async () => {
  discord = await startDiscord({ now: () => clock });
  rest = new REST({ api: discord.apiUrl, retries: 1 }).setToken("bot-token");
});
afterEach(async () => {
  await discord.close();
});

const CHANNEL = "1200000000000000001";
const quiet = { allowed_mentions: { parse: [] } };
const send = (body: object) => rest.post(Routes.channelMessages(CHANNEL), { body: { ...quiet, ...body } }) as Promise<{ id: string }>;

test("a message is written, edited, read and taken away", async () => {
  const { id } = await send({ content: "Queued", embeds: [{ title: "#1" }] });
  await rest.patch(Routes.channelMessage(CHANNEL, id), { body: { ...quiet, content: "Working" } });
  expect(await rest.get(Routes.channelMessage(CHANNEL, id))).toMatchObject({
    content: "Working",
    embeds: [{ title: "#1" }],
    edited_timestamp: expect.any(String),
  });
  expect(discord.messages(CHANNEL)).toHaveLength(1);
  await rest.delete(Routes.channelMessage(CHANNEL, id));
  expect(discord.messages(CHANNEL)).toEqual([]);
  await expect(rest.patch(Routes.channelMessage(CHANNEL, id), { body: quiet })).rejects.toThrow("Unknown Message");
  expect(discord.violations).toEqual([]);
});

test("the same nonce writes once, when it is enforced", async () => {
  const first = await send({ content: "Gate", nonce: "gate-1", enforce_nonce: true });
  const again = await send({ content: "Gate", nonce: "gate-1", enforce_nonce: true });
  expect(again.id).toBe(first.id);
  await send({ content: "Gate", nonce: "gate-1" });
  expect(discord.messages(CHANNEL)).toHaveLength(2);
});

test("a nonce is forgotten after some minutes", async () => {
  const first = await send({ content: "Gate", nonce: "gate-1", enforce_nonce: true });
  clock += 6 * 60_000;
  const later = await send({ content: "Gate", nonce: "gate-1", enforce_nonce: true });
  expect(later.id).not.toBe(first.id);
});

test.each([
  ["content", { content: "x".repeat(2001) }],
  ["an embed's title", { embeds: [{ title: "x".repeat(257) }] }],
  ["an embed's description", { embeds: [{ description: "x".repeat(4097) }] }],
  ["a field", { embeds: [{ fields: [{ name: "a", value: "x".repeat(1025) }] }] }],
  ["all embeds together", { embeds: [{ description: "x".repeat(4000) }, { description: "x".repeat(2001) }] }],
])("too much in %s is refused and remembered", async (_, body) => {
  await expect(send(body)).rejects.toThrow("Invalid Form Body");
  expect(discord.violations).toHaveLength(1);
  expect(discord.messages(CHANNEL)).toEqual([]);
});

test("a create or edit without allowed_mentions is remembered", async () => {
  const { id } = (await rest.post(Routes.channelMessages(CHANNEL), { body: { content: "@everyone" } })) as { id: string };
  await rest.patch(Routes.channelMessage(CHANNEL, id), { body: { content: "@here" } });
  expect(discord.violations).toHaveLength(2);
});

test.each([
  [{ content: "hello", allowed_mentions: { parse: ["everyone"] } }, "lets the text call everyone"],
  [{ content: "<@7> look", allowed_mentions: { parse: [], users: [] } }, "names 7, who is not called"],
])("%j is remembered", async (body, violation) => {
  await send(body);
  expect(discord.violations).toEqual([expect.stringContaining(violation)]);
});

test.each([401, 403, 404, 500] as const)("a channel can be made to answer %i, and the others go on", async (status) => {
  discord.faults.refused.set(CHANNEL, status);
  const once = new REST({ api: discord.apiUrl, retries: 0 }).setToken("bot-token");
  await expect(once.post(Routes.channelMessages(CHANNEL), { body: { ...quiet, content: "x" } })).rejects.toMatchObject({ status });
  await once.setToken("bot-token").post(Routes.channelMessages("1200000000000000002"), { body: { ...quiet, content: "x" } });
  expect(discord.messages(CHANNEL)).toEqual([]);
});

test("an answer can be lost after the message was written; who hangs up on a Discord that hangs has written nothing", async () => {
  discord.faults.answersLost = 1;
  const say = (timeout = 15_000) =>
    new REST({ api: discord.apiUrl, retries: 0, timeout })
      .setToken("bot-token")
      .post(Routes.channelMessages(CHANNEL), { body: { ...quiet, content: "x" } });
  await expect(say()).rejects.toMatchObject({ status: 500 });
  expect(discord.messages(CHANNEL)).toHaveLength(1);
  discord.faults.hangs = true;
  await expect(say(50)).rejects.toThrow("aborted");
  while (discord.log.length < 2) await pause(5);
  discord.faults.hangs = false;
  await send({ content: "y" });
  expect(discord.messages(CHANNEL)).toHaveLength(2);
});

test("a wrong token is refused, a limit is waited for, an outage is an error", async () => {
  await expect(new REST({ api: discord.apiUrl }).setToken("other").get(Routes.channelMessages(CHANNEL))).rejects.toThrow("401");
  discord.faults.rateLimited = 1;
  await send({ content: "after a while" });
  expect(discord.log.map(({ status }) => status)).toEqual([401, 429, 200]);
  discord.faults.down = true;
  await expect(send({ content: "never" })).rejects.toThrow("Service Unavailable");
});

test("a webhook says and edits without the bot's token", async () => {
  const url = `${discord.apiUrl}/v10/webhooks/42/secret`;
  const request = (method: string, address: string, content: string) =>
    fetch(address, { method, headers: { "content-type": "application/json" }, body: JSON.stringify({ content, ...quiet }) });
  const { id } = (await (await request("POST", `${url}?wait=true`, "one")).json()) as { id: string };
  expect((await request("PATCH", `${url}/messages/${id}`, "two")).status).toBe(200);
  expect(discord.messages("42")).toMatchObject([{ content: "two" }]);
});
