import { EmbedBuilder } from "discord.js";
import type { DiscordMessage } from "../../domain/commands.ts";
import { discordText, isOurs, type TextRules } from "./text.ts";

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const MOST_TITLE = 256;
const MOST_DESCRIPTION = 2_048;
const MOST_FIELDS = 20;
const MOST_NAME = 256;
const MOST_VALUE = 1_024;
const MOST_IN_ALL = 6_000;
/** As many as the content has room for. */
const MOST_MENTIONS = 80;

export type Body = ReturnType<typeof bodyOf>;

/** R21: everything escaped and within Discord's limits, and nobody is mentioned who is not named. */
export function bodyOf({ title, url, color, description, fields, mentions }: DiscordMessage, rules: TextRules) {
  const embed = new EmbedBuilder()
    .setTitle(discordText(title, MOST_TITLE, rules, false))
    .setColor(color)
    .setDescription(discordText(description, MOST_DESCRIPTION, rules));
  // Encoded it leads to the same place, and reads like nobody's name.
  if (url && isOurs(url, rules.links)) embed.setURL(url.replaceAll("@", "%40"));
  const { title: titled = "", description: described = "" } = embed.data;
  let left = MOST_IN_ALL - titled.length - described.length;
  for (const { name, value, inline = false } of fields.slice(0, MOST_FIELDS)) {
    const field = { name: discordText(name, MOST_NAME, rules, false), value: discordText(value, MOST_VALUE, rules), inline };
    left -= field.name.length + field.value.length;
    if (left < 0) break;
    embed.addFields(field);
  }
  const users = [...new Set(mentions)].filter((id) => /^\d{1,20}$/.test(id)).slice(0, MOST_MENTIONS);
  return {
    content: users.map((id) => `<@${id}>`).join(" "),
    embeds: [embed.toJSON()],
    allowed_mentions: { parse: [], users },
  };
}
