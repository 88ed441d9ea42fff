import { z } from "zod";
import { Count, Decision, EscalationAbout, EscalationLevel, Login, Text } from "./words.ts";

/** People are asked, and speak. */
export const peopleEvents = {
  ESCALATED: z
    .object({ level: EscalationLevel, about: EscalationAbout, reason: Text, attempts: Count, options: z.array(z.string()) })
    .describe("The Rig stops trying and asks a person; `everyone` when nobody of the level before answered."),
  ESCALATION_NOTIFIED: z
    .object({ channel: z.string(), messageId: z.string() })
    .describe("The escalation reached a channel, with the proof."),
  ESCALATION_REMINDED: z
    .object({ nth: z.number().int().positive(), waitedMinutes: z.number() })
    .describe("Nobody has acknowledged the escalation for another interval."),
  ESCALATION_ACKNOWLEDGED: z.object({ by: Login }).describe("A person has seen it."),
  ESCALATION_RESOLVED: z
    .object({ by: Login, decision: Decision })
    .describe(
      "A person decided: `retry` afresh, `reassign` to another instance, `close` the issue, or `override` the bound and go on; of a dispute, `overrule` the reviewer or `uphold` its finding.",
    ),
  COMMAND_RECEIVED: z
    .object({
      verb: z.string(),
      args: z.string(),
      by: Login,
      verdict: z.enum(["accepted", "refused", "unknown"]),
      /** Of the comment; of a pressed button, of the check run it stands on. */
      commentId: z.number().int(),
      /** It was not written but pressed, as a button of the check. */
      pressed: z.literal(true).optional(),
      /** Where it was spoken: an issue's or a pull request's number. */
      on: z.number().int().positive(),
      /** What it is answered with, as Markdown. */
      reply: z.string().max(60_000).optional(),
    })
    .describe("A person spoke a slash command; accepted or refused, it is history."),
} as const;
