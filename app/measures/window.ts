/** Whole days, UTC. */
export interface Window {
  /** `2026-11-22`, both included. */
  readonly from: string;
  readonly to: string;
  /** The first moment of `from`, and the first after `to`. */
  readonly begin: Date;
  readonly end: Date;
  readonly days: number;
}

export const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;

/** The days from `from` to `to`; the thirty that end with `to`, or with today, where `from` is not told. */
export function windowOf(from: string | undefined, to: string | undefined, now: Date): Window {
  const last = to ?? dayOf(now);
  const first = from ?? dayOf(new Date(Date.parse(last) - (DEFAULT_DAYS - 1) * DAY_MS));
  const [begin, end] = [new Date(first), new Date(Date.parse(last) + DAY_MS)];
  return { from: first, to: last, begin, end, days: Math.max(0, Math.round((end.getTime() - begin.getTime()) / DAY_MS)) };
}

export const within = (at: Date, { begin, end }: Window): boolean => at >= begin && at < end;

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
