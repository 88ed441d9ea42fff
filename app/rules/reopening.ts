/** A merge closes its issue; where what was merged has to be mended, the Rig opens it again. */
import type { CommandData } from "../domain/commands.ts";
import type { Scene } from "./rule.ts";

/** Whether a closed issue was closed by somebody who means it, and not by the merge that failed, before or after the Rig opened it again. */
export function closedSinceMerge({ subject, issue, seen, effects }: Scene): boolean {
  const { broken } = issue;
  const { withdrawn } = seen.issue;
  if (!broken) return true;
  // What was done about an earlier failure says nothing of this one.
  const reopening = effects.findLast(
    ({ kind, data, settledAt }) =>
      kind === "REOPEN_ISSUE" && (data as CommandData<"REOPEN_ISSUE">).number === subject.number && (!settledAt || settledAt >= broken.at),
  );
  // Until it is open again, nobody can close it.
  if (reopening?.state === "planned" || reopening?.state === "sent") return false;
  // Both times are GitHub's, where it told the second.
  const { at } = (reopening?.response ?? {}) as { readonly at?: string };
  return withdrawn !== undefined && withdrawn.at >= (at === undefined ? broken.at : new Date(at));
}
