/** Discord's REST API and nothing else of it: messages are made and edited, nothing is heard. */
import { createHash } from "node:crypto";
import { type APIMessage, EmbedBuilder, REST, Routes } from "discord.js";
import type { DiscordMessage } from "../domain/commands.ts";
import { cut, inDiscord } from "../domain/escape.ts";
import type { Attempt } from "./executor.ts";

export interface DiscordSettings {
  readonly apiUrl: string;
  readonly botToken?: string | undefined;
  readonly channels: Readonly<Record<string, string>>;
  readonly webhookUrl?: string | undefined;
}

export interface Discord {
  /** Edits the message that the attempt knows, else makes one. Answers its id; undefined where that channel is not configured. */
  readonly show: (channel: string, message: DiscordMessage, attempt: Pick<Attempt, "key" | "externalId">) => Promise<string | undefined>;
}

/** Undefined where no Discord is configured. */
export function connectDiscord(
  { apiUrl, botToken, channels, webhookUrl }: DiscordSettings,
  redact: (text: string) => string,
): Discord | undefined {
  const rest = new REST({ api: apiUrl, version: "10", retries: 0, timeout: 15_000 });
  if (botToken)
    return { show: (channel, message, attempt) => byBot(rest.setToken(botToken), channels[channel], bodyOf(message, redact), attempt) };
  const [id, token] = webhookUrl?.split("/").slice(-2) ?? [];
  if (id && token) return { show: (_, message, attempt) => byWebhook(rest, id, token, bodyOf(message, redact), attempt) };
  return undefined;
}

type Body = ReturnType<typeof bodyOf>;

async function byBot(
  rest: REST,
  channel: string | undefined,
  body: Body,
  { key, externalId }: Pick<Attempt, "key" | "externalId">,
): Promise<string | undefined> {
  if (!channel) return undefined;
  const [known, place] = externalId?.split("@") ?? [];
  if (known && place === channel && (await edited(rest.patch(Routes.channelMessage(channel, known), { body })))) return externalId;
  // The nonce makes a repeated call answer with the first message.
  const { id } = (await rest.post(Routes.channelMessages(channel), {
    body: { ...body, nonce: nonceOf(key), enforce_nonce: true },
  })) as APIMessage;
  return `${id}@${channel}`;
}

async function byWebhook(rest: REST, id: string, token: string, body: Body, { externalId }: Pick<Attempt, "externalId">): Promise<string> {
  if (externalId && (await edited(rest.patch(Routes.webhookMessage(id, token, externalId), { body, auth: false })))) return externalId;
  const message = (await rest.post(Routes.webhook(id, token), {
    body,
    auth: false,
    query: new URLSearchParams({ wait: "true" }),
  })) as APIMessage;
  return message.id;
}

/** False where the message is gone. */
async function edited(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === 404) return false;
    throw error;
  }
}

/** R21: everything escaped and within Discord's limits, and nobody is mentioned who is not named. */
function bodyOf({ title, url, color, description, fields, mentions }: DiscordMessage, redact: (text: string) => string) {
  const text = (words: string, most: number) => cut(inDiscord(redact(words)), most) || "\u200b";
  const embed = new EmbedBuilder()
    .setTitle(text(title, 256))
    .setColor(color)
    .setDescription(text(description, 2048))
    .addFields(
      fields.slice(0, 10).map(({ name, value, inline }) => ({ name: text(name, 200), value: text(value, 300), inline: inline ?? false })),
    );
  if (url) embed.setURL(url);
  return {
    content: mentions
      .map((id) => `<@${id}>`)
      .join(" ")
      .slice(0, 2000),
    embeds: [embed.toJSON()],
    allowed_mentions: { parse: [], users: [...mentions] },
  };
}

const nonceOf = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 25);
