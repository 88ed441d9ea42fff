import { byPerson, type Verb } from "./verb.ts";

const SHOWN = 10;

export const forget: Verb = {
  name: "forget",
  usage: "<lesson>",
  description: "Takes away a lesson that earlier runs noted of the repository, by its number such as `L3`.",
  where: "both",
  who: "maintain",
  takes: /^L\d{1,6}$/i,
  speak: (args, hearing) => {
    const id = args.toUpperCase();
    const standing = (hearing.lessons ?? []).map((lesson) => lesson.id);
    if (standing.includes(id)) return { events: [byPerson(hearing, { type: "LESSON_FORGOTTEN", data: { id, by: hearing.by } })] };
    if (standing.length === 0) return { unable: "The repository has no lessons." };
    return { unable: `There is no lesson ${id}; the newest are ${standing.slice(-SHOWN).join(", ")}. \`rig lessons\` lists them all.` };
  },
};
