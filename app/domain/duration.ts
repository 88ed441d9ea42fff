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
