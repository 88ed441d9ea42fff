import { stateOf } from "../domain/state.ts";
import { byPerson, type Verb } from "./verb.ts";

export const reset: Verb = {
  name: "reset",
  usage: "strikes",
  description: "Sets the strikes and the rounds of the issue back to zero.",
  where: "issue",
  who: "maintain",
  takes: /^strikes$/,
  speak: (_, hearing) => {
    const state = stateOf(hearing.issue);
    if (state === "done" || state === "new") return { unable: "The Rig does not work on it, so nothing counts." };
    return {
      events: [byPerson(hearing, { type: "COUNTERS_RESET", data: { by: hearing.by } })],
      ...(state === "failed" ? { reply: "A person still has to decide: say `/rig retry`, or `/rig resolve <decision>`." } : {}),
    };
  },
};
