import { parse } from "@lukeed/ms";
import { z } from "zod";

const positive = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, "a duration such as 2s, 30m or 4h")
  .transform((text) => parse(text) ?? 0)
  .refine((ms) => ms > 0, "a duration above zero");

/** `2s`, `30m`, `4h` → milliseconds. */
export const Duration = (fallback: string) => positive.prefault(fallback);

/** A duration that may be left out. */
export const MaybeDuration = positive.optional();

/** A length of time as a sentence says it: `30 minutes`, `8 seconds`. */
export function lasting(ms: number): string {
  const [unit, size] =
    ms >= 7_200_000 ? (["hour", 3_600_000] as const) : ms >= 120_000 ? (["minute", 60_000] as const) : (["second", 1_000] as const);
  const count = Math.round((ms / size) * 10) / 10;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
