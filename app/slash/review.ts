import { inMarkdown } from "../domain/escape.ts";
import { liveRun, stateOf } from "../domain/state.ts";
import { openHead } from "./head.ts";
import { byPerson, nothing, type Verb } from "./verb.ts";

/** In these states the Rig sets nothing in motion. */
const handsOff: ReadonlySet<string> = new Set(["new", "held", "failed", "done"]);

export const review: Verb = {
  name: "review",
  description: "Has Review-E read the present head, once more where it has.",
  where: "pr",
  who: "write",
  takes: nothing,
  speak: (_, hearing) => {
    const { issue, why } = hearing;
    const head = openHead(hearing);
    if ("unable" in head) return head;
    if (handsOff.has(stateOf(issue))) return { unable: inMarkdown(why) };
    const run = liveRun(issue);
    if (run?.kind === "review" && run.baseSha === head.pr.headSha) return { unable: "Review-E is reading it." };
    const data = { ...head.onHead, iteration: issue.reviewRounds + 1 };
    return { events: [byPerson(hearing, { type: "REVIEW_REQUESTED", data })] };
  },
};
