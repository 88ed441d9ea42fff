/** Figures of the brief, each with the issues that it was counted from. */

const MOST_REFS = 30;

/** `#3, #7 and 12 more`; each once, in the order of their numbers. */
export function refs(issues: readonly number[]): string {
  const all = [...new Set(issues)].toSorted((a, b) => a - b);
  const shown = all
    .slice(0, MOST_REFS)
    .map((issue) => `#${issue}`)
    .join(", ");
  return all.length > MOST_REFS ? `${shown} and ${all.length - MOST_REFS} more` : shown;
}

/** The value below or at which so large a share of all lies; of none 0. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Minutes as people say them. */
export function span(minutes: number): string {
  if (minutes < 100) return `${Math.round(minutes)} min`;
  return minutes < 48 * 60 ? `${(minutes / 60).toFixed(1)} h` : `${(minutes / 1440).toFixed(1)} d`;
}

export const usd = (dollars: number): string => `$${dollars.toFixed(2)}`;

export const minutesBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 60_000;

/** Groups by a name, the largest group first, then by name. */
export const tally = <T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [name: string, items: readonly T[]])[] =>
  [...Map.groupBy(items, nameOf)].toSorted(([a, one], [b, other]) => other.length - one.length || a.localeCompare(b, "en"));
