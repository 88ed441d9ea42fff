import { messageOf } from "../../../agents/runtime/errors.ts";
import type { Config } from "../../config.ts";
import { type Check, finding, fine, note } from "./check.ts";

const ANSWER_MS = 10_000;
/** The rooms that the Rig writes to. */
const CHANNELS = ["admin", "conductor-e"];

const meanings: Readonly<Record<number, string>> = {
  401: "Discord does not know the token",
  403: "the bot may not see it",
  404: "there is no such channel or webhook",
};

/** Whether messages would arrive. Nothing is written. */
export async function checkDiscord({ discord }: Config): Promise<readonly Check[]> {
  const { apiUrl, botToken, channels, webhookUrl } = discord;
  if (botToken) {
    const bot = { authorization: `Bot ${botToken}` };
    return Promise.all(
      CHANNELS.map((channel) => {
        const id = channels[channel];
        const name = `discord #${channel}`;
        if (id) return reached(name, `${apiUrl}/v10/channels/${id}`, bot);
        return finding(
          name,
          `DISCORD_CHANNELS names no channel ${channel}: what is meant for it is said nowhere.`,
          `Add "${channel}" and the channel's id to it.`,
        );
      }),
    );
  }
  const [id, token] = webhookUrl?.split("/").slice(-2) ?? [];
  if (id && token) return [await reached("discord", `${apiUrl}/v10/webhooks/${id}/${token}`, {})];
  return [
    note(
      "discord",
      "It is not configured: gates, reminders and escalations reach people on GitHub alone.",
      "Set DISCORD_BOT_TOKEN with DISCORD_CHANNELS, or DISCORD_WEBHOOK_URL.",
    ),
  ];
}

/** A webhook's address holds its token: no answer here names it. */
async function reached(name: string, url: string, headers: Readonly<Record<string, string>>): Promise<Check> {
  const wayOut = "See that the token and the ids are right, and that the bot was invited to the channel.";
  try {
    const { ok, status } = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) });
    return ok ? fine(name, "It answers.") : finding(name, `It answers ${status}: ${meanings[status] ?? "Discord refuses"}.`, wayOut);
  } catch (error) {
    return finding(name, `Discord does not answer (${messageOf(error)}).`, "See that it is reached from here.");
  }
}
