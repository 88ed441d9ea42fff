/** A ratio with what it is made of; null where there is nothing to divide by. */
export interface Rate {
  readonly rate: number | null;
  readonly of: number;
  readonly count: number;
}

/** How values lie; null where there are none. */
export interface Spread {
  readonly median: number | null;
  readonly p90: number | null;
  readonly count: number;
}

export const rateOf = (count: number, of: number): Rate => ({ rate: of === 0 ? null : count / of, of, count });

export const spreadOf = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  p90: quantile(values, 0.9),
  count: values.length,
});

/** Between two values it lies on the line between them, as Postgres's percentile_cont has it; rounded to hundredths. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  return low === undefined || high === undefined ? null : hundredths(low + (high - low) * (place - Math.floor(place)));
}

export const hundredths = (value: number): number => Math.round(value * 100) / 100;

export const minutesBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 60_000;
