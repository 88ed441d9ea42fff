/** F16: Discord being slow, away or closed to us occupies next to nobody, and is asked again when that makes sense. */
import { setTimeout as sleep } from "node:timers/promises";
import { DiscordAPIError, RateLimitError } from "discord.js";
import { PutOff } from "../put-off.ts";

/** Why messages do not arrive. */
export interface Condition {
  readonly name: string;
  readonly detail: string;
  readonly since: Date;
}

/** Discord does not let us in: it will answer the same tomorrow. `status` says to whoever carries out commands that it is a no for good. */
export class DiscordRefuses extends Error {
  readonly status = 403;
}

export type Breaker = ReturnType<typeof createBreaker>;

const AT_A_TIME = 2;
/** A call that takes longer is a sign that the next one would, too. */
const SLOW_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const CLOSED_FOR_MS = 10 * 60_000;
const EVERYWHERE = "";

export function createBreaker({ now = Date.now, warn }: { readonly now?: () => number; readonly warn?: (message: string) => void }) {
  const closed = new Map<string, Condition & { readonly until: number }>();
  const pausedUntil = new Map<string, number>();
  const calls = new Map<Promise<void>, number>();
  let failures = 0;
  let awaySince: Date | undefined;

  function refuse(place: string): void {
    const shut = [EVERYWHERE, place].map((where) => closed.get(where)).find((condition) => condition && condition.until > now());
    if (shut) throw new DiscordRefuses(shut.detail);
    const until = Math.max(pausedUntil.get(EVERYWHERE) ?? 0, pausedUntil.get(place) ?? 0);
    if (until > now()) throw new PutOff("Discord is left alone for a while", until - now());
  }

  const most = () => (failures > 0 ? 1 : AT_A_TIME);

  /** While Discord is slow nobody queues for it, and after a failure one call at a time tries. */
  async function untilOneEnds(): Promise<void> {
    const leftMs = Math.min(...calls.values()) + SLOW_MS - now();
    if (failures > 0 || leftMs <= 0) throw new PutOff("Discord is slow, and others are at it", SLOW_MS);
    await Promise.race([...calls.keys(), sleep(leftMs, undefined, { ref: false })]);
  }

  function close(place: string, detail: string): DiscordRefuses {
    if (!closed.has(place)) warn?.(detail);
    closed.set(place, { name: "discord", detail, since: closed.get(place)?.since ?? new Date(now()), until: now() + CLOSED_FOR_MS });
    return new DiscordRefuses(detail);
  }

  /** Whatever it said, it is there. */
  function answered(): void {
    failures = 0;
    awaySince = undefined;
  }

  function learnFrom(error: unknown, place: string): unknown {
    if (error instanceof RateLimitError || error instanceof DiscordAPIError) answered();
    if (error instanceof RateLimitError) {
      const waitMs = Math.max(error.retryAfter, 1);
      pausedUntil.set(error.global ? EVERYWHERE : place, now() + waitMs);
      return new PutOff("Discord's rate limit is reached", waitMs);
    }
    if (error instanceof DiscordAPIError) {
      const { status, message } = error;
      if (status === 401)
        return close(EVERYWHERE, `Discord does not know the bot's token (${message}): set DISCORD_BOT_TOKEN and start again`);
      if (status === 403 || status === 404)
        return close(
          place,
          `Discord answers ${status} for ${place} (${message}): check DISCORD_CHANNELS, the webhook, and what the bot may do`,
        );
      return error;
    }
    failures += 1;
    awaySince ??= new Date(now());
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    pausedUntil.set(EVERYWHERE, now() + pauseMs);
    return new PutOff(`Discord does not answer (${error instanceof Error ? error.message : String(error)})`, pauseMs, 504);
  }

  return {
    /** Throws `PutOff` where it is not the time, `DiscordRefuses` where it never will be, and what Discord says of this very message. */
    async call<T>(place: string, work: () => Promise<T>): Promise<T> {
      refuse(place);
      while (calls.size >= most()) {
        await untilOneEnds();
        refuse(place);
      }
      const result = work();
      const ended = result.then(
        () => {},
        () => {},
      );
      calls.set(ended, now());
      try {
        const answer = await result;
        for (const where of [EVERYWHERE, place]) closed.delete(where);
        answered();
        return answer;
      } catch (error) {
        throw learnFrom(error, place);
      } finally {
        calls.delete(ended);
      }
    },
    conditions: (): readonly Condition[] => [
      ...[...closed.values()].map(({ name, detail, since }) => ({ name, detail, since })),
      ...(awaySince ? [{ name: "discord", detail: "Discord does not answer; messages wait", since: awaySince }] : []),
    ],
  };
}
