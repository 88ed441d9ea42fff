import { z } from "zod";
import { PrNumber } from "../ids.ts";
import { Login, onHead, Text } from "./words.ts";

/** Human gates: a lifecycle with an end. */
export const gateEvents = {
  HUMAN_GATE_TRIGGERED: z
    .object({
      ...onHead,
      gate: z.string(),
      evidence: z.array(z.object({ path: z.string(), because: z.string() })),
      approvers: z.array(Login),
    })
    .describe("This head touches something only a person may wave through."),
  HUMAN_GATE_REMINDER: z
    .object({ prNumber: PrNumber, gate: z.string(), waitedMinutes: z.number(), nth: z.number().int().positive() })
    .describe("A gate has waited another interval."),
  HUMAN_GATE_APPROVED: z
    .object({ ...onHead, gate: z.string(), by: Login, reviewId: z.number().int() })
    .describe("A code owner approved this very head."),
  HUMAN_GATE_REJECTED: z
    .object({ ...onHead, gate: z.string(), by: Login, reason: Text })
    .describe("A person who may decide said no to this head."),
  HUMAN_GATE_VOIDED: z
    .object({ ...onHead, gate: z.string(), reason: Text })
    .describe("What the gate's approval or request stood on changed."),
} as const;
