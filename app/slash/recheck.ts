import { openHead } from "./head.ts";
import { nothing, type Verb } from "./verb.ts";

/** Whoever hears it looks at the pull request anew, and that is all it asks for. */
export const recheck: Verb = {
  name: "recheck",
  description: "Judges the gates anew, by what GitHub shows now.",
  where: "pr",
  onPeoples: true,
  who: "write",
  takes: nothing,
  speak: (_, hearing) => {
    const head = openHead(hearing);
    return "unable" in head ? head : { events: [] };
  },
};
