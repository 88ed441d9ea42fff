import { inMarkdown } from "../domain/escape.ts";
import { openHead } from "./head.ts";
import { byPerson, type Verb } from "./verb.ts";

/** R12: like an approving review of this head and no other; the gates judge whether it counts. */
export const approve: Verb = {
  name: "approve",
  usage: "<sha> [gate…]",
  description: "Approves this head as an approving review does; with gates named, for these only.",
  where: "pr",
  onPeoples: true,
  who: "gate",
  takes: /^[0-9a-fA-F]{7,40}([ \t]+[a-z][a-z-]*)*$/,
  speak: (args, hearing) => {
    const { by, byId, commentId } = hearing;
    const [sha = "", ...named] = args.split(/[ \t]+/);
    const head = openHead(hearing);
    if ("unable" in head) return head;
    const { headSha, madeBy } = head.pr;
    if (!headSha.startsWith(sha.toLowerCase()))
      return { unable: `${sha.slice(0, 7)} is not its head: that is ${headSha.slice(0, 7)}. Look at it, and name it.` };
    const raised = hearing.evaluation?.raised.map(({ gate }) => gate.name) ?? [];
    const stranger = named.find((name) => !raised.includes(name));
    if (stranger)
      return {
        unable: `${headSha.slice(0, 7)} does not raise the gate ${inMarkdown(stranger)}. It raises: ${raised.join(", ") || "none"}.`,
      };
    const data = { ...head.onHead, verdict: "approved" as const, by, byId, commentId, gates: [...new Set(named)], reason: "" };
    return {
      events: [byPerson(hearing, { type: "REVIEW_SPOKEN", data })],
      ...(madeBy.includes(by.toLowerCase()) ? { reply: "It is noted, and opens no gate: nobody approves what they made themselves." } : {}),
    };
  },
};
