/** What a try to merge came to (R15). */
import { z } from "zod";
import { Sha } from "./ids.ts";

/**
 * Why GitHub did not merge. `rules`: a rule of the branch, or a reason that nobody knows: it waits for a change, not for time (F37).
 * `forbidden`: the App lacks a permission. `gone`: the pull request is closed, or not there.
 */
export const refusalKinds = ["head_moved", "base_moved", "conflict", "rules", "draft", "method", "invalid", "forbidden", "gone"] as const;
export type RefusalKind = (typeof refusalKinds)[number];

export const MergeOutcome = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("merged"), mergeSha: Sha }),
  z.object({ outcome: z.literal("refused"), kind: z.enum(refusalKinds), because: z.string() }),
  /** GitHub's merge queue has it: it is merged when the queue's own checks pass, or dropped. */
  z.object({ outcome: z.literal("queued") }),
  /** GitHub merges in the background; `uuid` finds how it ended, for 24 hours. */
  z.object({ outcome: z.literal("pending"), uuid: z.string() }),
]);
export type MergeOutcome = z.infer<typeof MergeOutcome>;
