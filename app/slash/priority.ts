import { Priority } from "../domain/events/words.ts";
import { stateOf } from "../domain/state.ts";
import { byPerson, type Verb } from "./verb.ts";

export const priority: Verb = {
  name: "priority",
  usage: Priority.options.join("|"),
  description: "Changes how soon it is its turn, until its labels change.",
  where: "issue",
  who: "write",
  takes: new RegExp(`^(${Priority.options.join("|")})$`),
  speak: (args, hearing) => {
    const { issue, by } = hearing;
    const to = Priority.parse(args);
    const state = stateOf(issue);
    if (state === "new") return { unable: "It was not handed over yet: `/rig start` does that." };
    if (state === "done" || issue.merged) return { unable: "It is merged: there is no turn to wait for." };
    if (issue.priority === to) return { unable: `Its priority is ${to} already.` };
    return { events: [byPerson(hearing, { type: "PRIORITY_CHANGED", data: { from: issue.priority, to, by, source: "command" } })] };
  },
};
