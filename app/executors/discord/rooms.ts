/** Discord's REST API and nothing else of it: messages are made, edited and taken away, nothing is heard. */
import { createHash } from "node:crypto";
import { type APIMessage, DiscordAPIError, REST, Routes } from "discord.js";
import type { Body } from "./body.ts";

/** A channel, or the one that a webhook writes to. */
export interface Room {
  readonly id: string;
  /** Answers the message's id. In a channel, saying it again with the same key within minutes answers the first message. */
  readonly create: (body: Body, key: string) => Promise<string>;
  /** False where there is no such message of ours. */
  readonly edit: (message: string, body: Body) => Promise<boolean>;
  /** A message that is gone is what was wanted. */
  readonly remove: (message: string) => Promise<void>;
}

/** "Cannot edit a message authored by another user": the bot was another one then. */
const NOT_OURS = 50005;

/** The client for one call; whoever waits or repeats, it is not this client. */
export type RestCall = () => { readonly rest: REST; readonly signal: AbortSignal };

export function restAt(api: string, answersWithinMs: number): RestCall {
  const rest = new REST({ api, version: "10", retries: 0, timeout: answersWithinMs, rejectOnRateLimit: () => true });
  // The client's own time-out ends with the head of an answer.
  return () => ({ rest, signal: AbortSignal.timeout(answersWithinMs) });
}

export function botRoom(call: RestCall, token: string, id: string): Room {
  const asBot: RestCall = () => {
    const { rest, signal } = call();
    // After a 401 the client forgets its token.
    return { rest: rest.setToken(token), signal };
  };
  return {
    id,
    async create(body, key) {
      const { rest, signal } = asBot();
      const message = await rest.post(Routes.channelMessages(id), { signal, body: { ...body, nonce: nonceOf(key), enforce_nonce: true } });
      return (message as APIMessage).id;
    },
    edit(message, body) {
      const { rest, signal } = asBot();
      return isThere(rest.patch(Routes.channelMessage(id, message), { signal, body }));
    },
    async remove(message) {
      const { rest, signal } = asBot();
      await isThere(rest.delete(Routes.channelMessage(id, message), { signal }));
    },
  };
}

/** A webhook knows no nonce: where its answer is lost, the message may stand there twice. */
export const webhookRoom = (call: RestCall, id: string, token: string): Room => ({
  id,
  async create(body) {
    const { rest, signal } = call();
    const query = new URLSearchParams({ wait: "true" });
    return ((await rest.post(Routes.webhook(id, token), { signal, body, auth: false, query })) as APIMessage).id;
  },
  edit(message, body) {
    const { rest, signal } = call();
    return isThere(rest.patch(Routes.webhookMessage(id, token, message), { signal, body, auth: false }));
  },
  async remove(message) {
    const { rest, signal } = call();
    await isThere(rest.delete(Routes.webhookMessage(id, token, message), { signal, auth: false }));
  },
});

async function isThere(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof DiscordAPIError && (error.status === 404 || error.code === NOT_OURS)) return false;
    throw error;
  }
}

const nonceOf = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 25);
