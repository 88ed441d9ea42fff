/** Cron lines of five fields, in UTC. */
import { Cron } from "croner";

const FIELDS = /^\s*(@(hourly|daily|weekly|monthly)|\S+(\s+\S+){4})\s*$/i;
/** No line is judged by the day on which somebody looks at it. Two leap years lie within its reach. */
const SOME_DAY = new Date("2026-01-01T00:00:00Z");

const cronOf = (line: string): Cron => new Cron(line.trim(), { timezone: "UTC", mode: "5-part", paused: true });

/** What is wrong with a cron line; undefined where it can be followed. */
export function cronFault(line: string): string | undefined {
  if (!FIELDS.test(line)) return "is not a cron line of five fields in UTC, such as `0 6 * * 1`";
  try {
    return cronOf(line).nextRun(SOME_DAY) ? undefined : "names a day that never comes";
  } catch (error) {
    return `is not a cron line in UTC: ${(error instanceof Error ? error.message : String(error)).replace(/^Cron\w+: /, "").slice(0, 120)}`;
  }
}

/** The latest moment of a schedule that has come by now and is no older than `within` milliseconds; undefined where there is none. */
export function lastSlot(line: string, now: Date, within: number): Date | undefined {
  const soon = new Date(now.getTime() + 1_000); // Croner leaves out the moment that it is asked from.
  const slot = cronOf(line)
    .previousRuns(2, soon)
    .find((one) => one <= now);
  return slot && now.getTime() - slot.getTime() <= within ? slot : undefined;
}
