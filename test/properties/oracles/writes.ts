/** P10: every write is a planned command's, by a key that was planned once, and is done once. */
import { at, type Oracle } from "./oracle.ts";

/** Whatever comes back from the world, these are done once for a key. */
const once: ReadonlySet<string> = new Set(["dispatch", "createComment", "discord", "createCheck"]);

export const everyWriteIsPlannedOnce: Oracle = ({ github, memory }) => {
  const { rows, planTwice } = memory.effects;
  const wrong = planTwice.map((key) => `${key} is planned twice: the second is never carried out.`);
  const done = new Set<string>();
  for (const { call, key, at: when } of github.writes) {
    const row = key === undefined ? undefined : rows.get(key);
    if (!row || row.cause < 1) wrong.push(`${at(when)}: ${call} follows from no event.`);
    if (once.has(call) && done.has(`${key} ${call}`)) wrong.push(`${at(when)}: ${call} is done a second time for ${key}.`);
    done.add(`${key} ${call}`);
  }
  return wrong;
};
