import { Decision } from "../domain/events/words.ts";
import { byPerson, type Verb } from "./verb.ts";

export const resolve: Verb = {
  name: "resolve",
  usage: Decision.options.join("|"),
  description: "Decides an escalation: try again, give it to another instance, close the issue, or go on although a bound is reached.",
  where: "both",
  who: "maintain",
  takes: new RegExp(`^(${Decision.options.join("|")})$`),
  speak: (args, hearing) => {
    const { issue, by } = hearing;
    const decision = Decision.parse(args);
    // R12: nobody resolves a gate away.
    if (issue.escalation?.about === "gate" && decision !== "close")
      return { unable: "A gate waits for its owners: `/rig approve <sha>` or `/rig reject <reason>` decides it." };
    const resolved = byPerson(hearing, { type: "ESCALATION_RESOLVED", data: { by, decision } });
    const withdrawn = byPerson(hearing, { type: "ISSUE_WITHDRAWN", data: { by, reason: `${by} decided to close it.` } });
    return { events: decision === "close" ? [resolved, withdrawn] : [resolved] };
  },
};
