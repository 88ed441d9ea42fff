import { inMarkdown } from "../domain/escape.ts";
import { stateOf } from "../domain/state.ts";
import { obstacle } from "./obstacles.ts";
import { byPerson, type Verb } from "./verb.ts";

export const retry: Verb = {
  name: "retry",
  usage: "[fresh]",
  description: "Makes another attempt, `fresh` on a branch of its own. No strike is taken back.",
  where: "issue",
  who: "write",
  takes: /^(fresh)?$/,
  speak: (args, hearing) => {
    const { issue, by, why } = hearing;
    const fresh = args === "fresh";
    const against = obstacle(hearing);
    if (against) return { unable: against };
    if (!issue.approval || issue.approval.stale) return { unable: "Its text is not approved as it stands: say `/rig start`." };
    if (issue.merged && fresh) return { unable: "It is merged: only its release can be tried again, by `/rig retry`." };
    const state = stateOf(issue);
    if (state === "queued" || state === "deploying") return { unable: inMarkdown(why) };
    return { events: [byPerson(hearing, { type: "RETRY_REQUESTED", data: { by, fresh } })] };
  },
};
