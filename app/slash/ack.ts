import { byPerson, nothing, type Verb } from "./verb.ts";

export const ack: Verb = {
  name: "ack",
  description: "Says that somebody has seen the escalation; it is not repeated any more.",
  where: "both",
  onPeoples: true,
  who: "maintain",
  takes: nothing,
  speak: (_, hearing) => ({ events: [byPerson(hearing, { type: "ESCALATION_ACKNOWLEDGED", data: { by: hearing.by } })] }),
};
