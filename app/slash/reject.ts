import { cut } from "../domain/escape.ts";
import { openHead } from "./head.ts";
import { anyText, byPerson, type Verb } from "./verb.ts";

const MOST_REASON = 10_000;

export const reject: Verb = {
  name: "reject",
  usage: "<reason>",
  description: "Sends the present head back, as a review that requests changes does. The rest of the comment is the reason.",
  where: "pr",
  onPeoples: true,
  who: "gate",
  freeText: true,
  takes: anyText,
  speak: (reason, hearing) => {
    const { by, byId, commentId } = hearing;
    const head = openHead(hearing);
    if ("unable" in head) return head;
    const data = { ...head.onHead, verdict: "rejected" as const, by, byId, commentId, gates: [], reason: cut(reason, MOST_REASON) };
    return { events: [byPerson(hearing, { type: "REVIEW_SPOKEN", data })] };
  },
};
