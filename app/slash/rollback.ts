import { Sha } from "../domain/ids.ts";
import { byPerson, type Verb } from "./verb.ts";

/** P13: the only way back, and only a person of `RIG_CTO` takes it. */
export const rollback: Verb = {
  name: "rollback",
  usage: "<sha>",
  description: "Takes production back to this commit, named with all its 40 digits.",
  where: "both",
  who: "cto",
  takes: /^[0-9a-fA-F]{40}$/,
  speak: (args, hearing) => {
    const { issue, by } = hearing;
    const toSha = Sha.parse(args.toLowerCase());
    if (!issue.merged) return { unable: "Nothing of this issue is merged, so there is nothing to take back." };
    const fromSha = issue.merged.mergeSha;
    if (fromSha === toSha) return { unable: `${toSha.slice(0, 7)} is the merge itself: name the commit to go back to.` };
    return { events: [byPerson(hearing, { type: "ROLLBACK_REQUESTED", data: { by, fromSha, toSha } })] };
  },
};
