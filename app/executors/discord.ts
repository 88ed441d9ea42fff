/** Messages in Discord, where one is configured: by a bot in named channels, or by one webhook. */
import type { DiscordMessage } from "../domain/commands.ts";
import { bodyOf } from "./discord/body.ts";
import { type Condition, createBreaker } from "./discord/breaker.ts";
import { botRoom, type Room, restAt, webhookRoom } from "./discord/rooms.ts";
import type { Hands } from "./executor.ts";

export interface DiscordSettings {
  readonly apiUrl: string;
  readonly botToken?: string | undefined;
  readonly channels: Readonly<Record<string, string>>;
  readonly webhookUrl?: string | undefined;
  /** Where GitHub's pages are: those of the repository that a message is about may be linked. */
  readonly githubUrl?: string;
  /** Where the dashboard is, without a trailing slash. */
  readonly dashboardUrl?: () => string;
  /** Hears once that Discord has closed itself to us. */
  readonly warn?: (message: string) => void;
  /** Milliseconds after which a call is taken for lost. */
  readonly answersWithinMs?: number;
  readonly now?: () => number;
}

export interface Discord {
  /** Edits the message that the attempt knows, else makes one. Answers `id@place`; undefined where that channel is not configured. */
  readonly show: (channel: string, message: DiscordMessage, hands: Pick<Hands, "attempt" | "subject">) => Promise<string | undefined>;
  /** Takes a message away; `id@place`. */
  readonly remove: (externalId: string) => Promise<void>;
  /** Why messages do not arrive now; empty where all is well. */
  readonly conditions: () => readonly Condition[];
}

/** Undefined where no Discord is configured. */
export function connectDiscord(settings: DiscordSettings, redact: (text: string) => string): Discord | undefined {
  const rooms = roomsOf(settings);
  if (!rooms) return undefined;
  const { githubUrl, dashboardUrl } = settings;
  const breaker = createBreaker(settings);
  return {
    async show(channel, message, { attempt: { key, externalId }, subject: { owner, repo } }) {
      const room = rooms.named(channel);
      if (!room) return undefined;
      const links = [...(dashboardUrl ? [dashboardUrl()] : []), ...(githubUrl && repo ? [`${githubUrl}/${owner}/${repo}`] : [])];
      const body = bodyOf(message, { redact, links });
      return breaker.call(room.id, async () => {
        const [known, place] = externalId?.split("@") ?? [];
        if (known && place === room.id && (await room.edit(known, body))) return externalId;
        return `${await room.create(body, key)}@${room.id}`;
      });
    },
    async remove(externalId) {
      const [message, place] = externalId.split("@");
      const room = place ? rooms.at(place) : undefined;
      if (message && room) await breaker.call(room.id, () => room.remove(message));
    },
    conditions: breaker.conditions,
  };
}

const ANSWERS_WITHIN_MS = 5_000;

interface Rooms {
  readonly named: (channel: string) => Room | undefined;
  readonly at: (place: string) => Room | undefined;
}

function roomsOf({ apiUrl, botToken, channels, webhookUrl, answersWithinMs = ANSWERS_WITHIN_MS }: DiscordSettings): Rooms | undefined {
  const rest = restAt(apiUrl, answersWithinMs);
  if (botToken) {
    const at = (id: string) => botRoom(rest, botToken, id);
    return { at, named: (channel) => (channels[channel] ? at(channels[channel]) : undefined) };
  }
  const [id, token] = webhookUrl?.split("/").slice(-2) ?? [];
  if (!id || !token) return undefined;
  const room = webhookRoom(rest, id, token);
  return { named: () => room, at: (place) => (place === id ? room : undefined) };
}
