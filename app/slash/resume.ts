import { inMarkdown } from "../domain/escape.ts";
import { obstacle } from "./obstacles.ts";
import { byPerson, nothing, type Verb } from "./verb.ts";

export const resume: Verb = {
  name: "resume",
  description: "Goes on with an issue that is on hold; of one that production was taken back from, lets releases have it again.",
  where: "both",
  onPeoples: true,
  who: "write",
  takes: nothing,
  speak: (_, hearing) => {
    const { issue, by, why } = hearing;
    const against = obstacle(hearing);
    // What is done needs nothing more; others wait for this word.
    if (against && !(issue.doneAt && issue.takenBack)) return { unable: against };
    if (issue.held || issue.takenBack)
      return { events: [byPerson(hearing, { type: "ISSUE_RELEASED", data: { by, reason: `${by} gave it back.` } })] };
    return { unable: inMarkdown(why) };
  },
};
