import { inMarkdown } from "../domain/escape.ts";
import { nothing, type Verb } from "./verb.ts";

export const why: Verb = {
  name: "why",
  description: "Says why nothing happens, and what would move it.",
  where: "both",
  onPeoples: true,
  who: "read",
  takes: nothing,
  speak: (_, hearing) => ({ events: [], reply: inMarkdown(hearing.why) }),
};
