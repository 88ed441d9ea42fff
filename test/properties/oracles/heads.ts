/** P5: nothing that is written names a head that another has taken the place of. */
import { eventsOf } from "../rig/journal.ts";
import { at, type Oracle } from "./oracle.ts";

export const onlyThePresentHead: Oracle = ({ journal, github }) => {
  const wrong: string[] = [];
  for (const { commands, heads, stream, at: when } of journal.entries) {
    for (const command of commands) {
      const head =
        command.kind === "MERGE"
          ? command.data.headSha
          : command.kind === "SHOW" && command.data.rendering.surface === "gates-check"
            ? command.data.rendering.check.headSha
            : undefined;
      if (head && !heads.has(head)) wrong.push(`${at(when)} ${stream}: ${command.kind} names ${head}, which is no head any more.`);
    }
  }
  for (const { entry, data } of eventsOf(journal, "RUN_REQUESTED")) {
    if (data.prNumber === undefined || data.kind === "implement" || entry.heads.has(data.baseSha)) continue;
    wrong.push(`${at(entry.at)} ${entry.stream}: a run for ${data.kind} begins at ${data.baseSha}, which is no head any more.`);
  }
  for (const { call, data, at: when } of github.writes)
    if (call === "merge" && data.sha !== data.head) wrong.push(`${at(when)}: a merge of ${data.sha}, and the head is ${data.head}.`);
  return wrong;
};
