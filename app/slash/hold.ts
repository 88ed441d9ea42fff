import { byPerson, nothing, type Verb } from "./verb.ts";

export const hold: Verb = {
  name: "hold",
  description: "Leaves the issue alone until `/rig resume`. What was done is kept.",
  where: "both",
  onPeoples: true,
  who: "write",
  takes: nothing,
  speak: (_, hearing) =>
    hearing.issue.approval || hearing.issue.watched
      ? { events: [byPerson(hearing, { type: "ISSUE_HELD", data: { by: hearing.by, reason: `${hearing.by} put it on hold.` } })] }
      : { unable: "It was not handed over, so the Rig leaves it alone anyway." },
};
