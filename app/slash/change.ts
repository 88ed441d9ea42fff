import { cut } from "../domain/escape.ts";
import { stateOf } from "../domain/state.ts";
import { openHead } from "./head.ts";
import { anyText, byPerson, type Verb } from "./verb.ts";

const MOST_TEXT = 10_000;

export const change: Verb = {
  name: "change",
  usage: "<what>",
  description: "Has the present head changed, as a remark in a review has. The rest of the comment says what.",
  where: "pr",
  who: "write",
  freeText: true,
  takes: anyText,
  speak: (what, hearing) => {
    const { issue, by, byId, commentId } = hearing;
    const head = openHead(hearing);
    if ("unable" in head) return head;
    if (stateOf(issue) === "done") return { unable: "The issue is done." };
    const data = { ...head.onHead, verdict: "changes" as const, by, byId, commentId, gates: [], reason: cut(what, MOST_TEXT) };
    return { events: [byPerson(hearing, { type: "REVIEW_SPOKEN", data })] };
  },
};
