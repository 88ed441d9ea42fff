import { anyText, byPerson, type Verb } from "./verb.ts";

/** It becomes part of the task, word for word. */
const MOST_BYTES = 4_096;

export const answer: Verb = {
  name: "answer",
  usage: "<text>",
  description: "Answers the question that the issue waits with. The rest of the comment is the answer.",
  where: "both",
  who: "write",
  freeText: true,
  takes: anyText,
  speak: (text, hearing) =>
    new TextEncoder().encode(text).length > MOST_BYTES
      ? { unable: "An answer has at most 4,096 bytes: say less, or write it into the issue and approve it again." }
      : { events: [byPerson(hearing, { type: "QUESTION_ANSWERED", data: { text, by: hearing.by } })] },
};
