import { Sha } from "../domain/ids.ts";
import { byPerson, type Hearing, type Verb } from "./verb.ts";

/** P13: the only way back, and only a person of `RIG_CTO` takes it. */
export const rollback: Verb = {
  name: "rollback",
  usage: "<sha>",
  description: "Takes production back to this commit, named with all its 40 digits.",
  where: "both",
  who: "cto",
  takes: /^[0-9a-fA-F]{40}$/,
  speak: (args, hearing) => {
    const { issue, by, wayBack, seen } = hearing;
    const toSha = Sha.parse(args.toLowerCase());
    const fromSha = mergeOf(hearing);
    if (!fromSha) return { unable: "Nothing of this issue is merged, so there is nothing to take back." };
    if (fromSha === toSha) return { unable: `${toSha.slice(0, 7)} is the merge itself: name the commit to go back to.` };
    if (!wayBack)
      return {
        unable: `${toSha.slice(0, 7)} is no earlier commit of ${seen.defaultBranch.name}: name one that production has come from.`,
      };
    const { commits, takesBack } = wayBack;
    const data = { by, fromSha, toSha, commits, takesBack: [...takesBack] };
    const asked = byPerson(hearing, { type: "ROLLBACK_REQUESTED", data });
    if (issue.doneAt || issue.held) return { events: [asked] };
    // Nothing is deployed over it meanwhile.
    const reason = `${by} takes production back to ${toSha.slice(0, 7)}: nothing else of it is released until a person says so`;
    return { events: [asked, byPerson(hearing, { type: "ISSUE_HELD", data: { by, reason } })] };
  },
};

/** What of the issue is in production, or was last: also while that is being mended. */
const mergeOf = ({ issue }: Hearing): Sha | undefined => issue.merged?.mergeSha ?? issue.merges?.at(-1)?.mergeSha;
