import { z } from "zod";
import { PrNumber, Sha } from "../ids.ts";
import { Count, Login, onHead, Text } from "./words.ts";

const Evidence = z.object({
  path: z.string(),
  line: z.number().int().positive().optional(),
  removed: z.literal(true).optional(),
  because: z.string(),
});

/** Human gates: a lifecycle with an end. */
export const gateEvents = {
  HUMAN_GATE_TRIGGERED: z
    .object({
      ...onHead,
      gate: z.string(),
      /** The first of it, where it is much. */
      evidence: z.array(Evidence),
      evidenceCount: Count.optional(),
      /** Of all of it: an approval stands only as long as this does. */
      evidenceHash: z.string().optional(),
      approvers: z.array(Login),
      /** The default branch's commit by whose CODEOWNERS and rig.yml it was judged (R14). */
      rulesSha: Sha.optional(),
      /** The head before raised it for the very same reasons, and who had approved that. */
      sameAs: z.object({ headSha: Sha, approvedBy: Login.optional() }).optional(),
    })
    .describe("This head touches something only a person may wave through."),
  HUMAN_GATE_REMINDER: z
    .object({ prNumber: PrNumber, gate: z.string(), waitedMinutes: z.number(), nth: z.number().int().positive() })
    .describe("A gate has waited another interval."),
  HUMAN_GATE_APPROVED: z
    .object({
      ...onHead,
      gate: z.string(),
      by: Login,
      reviewId: z.number().int(),
      /** Everyone whose approval it took, where that is more than one. */
      together: z.array(Login).optional(),
      evidenceHash: z.string().optional(),
      /** How long it had waited for them. */
      waitedMinutes: z.number().optional(),
      via: z.enum(["review", "command"]).optional(),
      /** Who approved it had asked for the change too, and nobody else could have: there is no second person. */
      alsoRequested: z.literal(true).optional(),
    })
    .describe("A code owner approved this very head."),
  HUMAN_GATE_REJECTED: z
    .object({ ...onHead, gate: z.string(), by: Login, reason: Text, waitedMinutes: z.number().optional() })
    .describe("A person who may decide said no to this head."),
  HUMAN_GATE_VOIDED: z
    .object({ ...onHead, gate: z.string(), reason: Text })
    .describe("What the gate's approval or request stood on changed."),
} as const;
