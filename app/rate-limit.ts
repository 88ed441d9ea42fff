/** What GitHub's answers say is left of the hourly limits. */

export interface RateLimits {
  /** Reads an answer's headers; `whose` is the client's: each installation has a limit of its own. */
  readonly hear: (whose: string, headers: Readonly<Record<string, string | number | undefined>>) => void;
  /** Of the limit that has least left and whose hour is not over; undefined where none is known. */
  readonly remaining: (now: Date) => number | undefined;
}

export function rateLimits(): RateLimits {
  const known = new Map<string, { readonly remaining: number; readonly resetAt: number }>();
  return {
    hear(whose, headers) {
      const [remaining, reset] = [headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"]].map(Number);
      if (headers["x-ratelimit-resource"] !== "core" || !Number.isFinite(remaining) || !Number.isFinite(reset)) return;
      known.set(whose, { remaining: remaining ?? 0, resetAt: (reset ?? 0) * 1000 });
    },
    remaining(now) {
      const left = [...known.values()].filter(({ resetAt }) => resetAt > now.getTime()).map(({ remaining }) => remaining);
      return left.length === 0 ? undefined : Math.min(...left);
    },
  };
}
