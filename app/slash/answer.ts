import { anyText, byPerson, type Verb } from "./verb.ts";

export const answer: Verb = {
  name: "answer",
  usage: "<text>",
  description: "Answers an agent's question. The rest of the comment is the answer.",
  where: "both",
  who: "write",
  freeText: true,
  takes: anyText,
  speak: (text, hearing) => ({ events: [byPerson(hearing, { type: "QUESTION_ANSWERED", data: { text, by: hearing.by } })] }),
};
