import { z } from "zod";
import { Count, Login, Priority, Text, Usd, WaitingFor } from "./words.ts";

/** The issue and its approval. */
export const issueEvents = {
  ISSUE_APPROVED: z
    .object({
      title: Text,
      body: Text,
      bodyHash: z.string(),
      priority: Priority,
      dependsOn: z.array(z.string()),
      approvedBy: Login,
      milestone: z.string().optional(),
      /** Whom the label `agent:<name>` or the workflow that a person started asks for; absent: whoever does it by default. */
      agent: z.string().max(200).optional(),
      actId: z.string(),
    })
    .describe(
      "A person with write permission handed the issue over; the text is frozen here. `actId` is the timeline event, the comment or the workflow run that did it.",
    ),
  APPROVAL_STALE: z
    .object({ changedBy: Login, newHash: z.string() })
    .describe("The issue's title or body is not, or no longer, what was approved."),
  ISSUE_WITHDRAWN: z
    .object({ by: Login, reason: Text })
    .describe("The approval was taken back: the label was removed, or the issue was closed, deleted or moved to another repository."),
  PRIORITY_CHANGED: z
    .object({ from: Priority, to: Priority, by: Login, source: z.enum(["label", "command"]) })
    .describe("A priority label came or went, or `/rig priority` was spoken."),
  ISSUE_WAITING: z
    .object({ reason: Text, for: WaitingFor, on: z.array(z.string()).optional() })
    .describe("Nothing goes on until something named here happens. `on` names the open issues of a dependency as `owner/repo#number`."),
  ISSUE_RESUMED: z.object({ reason: Text, for: WaitingFor }).describe("What the issue waited for has happened."),
  ISSUE_HELD: z
    .object({
      by: Login,
      reason: Text,
      /** What ends it by itself; absent: a person has to. */
      until: z.enum(["label-off", "unlocked", "repository-back"]).optional(),
    })
    .describe(
      "The issue is out of the Rig's hands for now: `rig:hold`, a closed pull request, a locked conversation, a paused repository.",
    ),
  ISSUE_RELEASED: z
    .object({ by: Login, reason: Text })
    .describe("What held the issue is gone, or a person gave a held or failed issue back."),
  RETRY_REQUESTED: z
    .object({ by: Login, fresh: z.boolean() })
    .describe("A person wants another attempt, `fresh` on a branch of its own. It resets no strike."),
  COUNTERS_RESET: z.object({ by: Login }).describe("A person set the strikes and the bounds of the issue back to zero."),
  BUDGET_RAISED: z.object({ by: Login, usd: Usd }).describe("A person gave the issue another budget in dollars, in all."),
  ISSUE_DONE: z
    .object({ durationMinutes: z.number(), attempts: Count, usd: Usd, humanWaitMinutes: z.number() })
    .describe("Verified in production, or merged where nothing is deployed."),
} as const;
