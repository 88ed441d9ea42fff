import { cut } from "../domain/escape.ts";
import { byPerson, type Verb } from "./verb.ts";

const MOST_REASON = 500;

export const stop: Verb = {
  name: "stop",
  usage: "[reason]",
  description: "Ends the agent's run without a strike, and leaves the issue alone until `/rig resume`.",
  where: "both",
  who: "write",
  freeText: true,
  takes: /^/,
  speak: (reason, hearing) => {
    const { issue, by } = hearing;
    if (!issue.approval) return { unable: "Nothing is under way here." };
    const said = reason === "" ? `${by} stopped it.` : `${by} stopped it: ${cut(reason.replace(/\s+/g, " "), MOST_REASON)}`;
    return { events: [byPerson(hearing, { type: "ISSUE_HELD", data: { by, reason: said } })] };
  },
};
