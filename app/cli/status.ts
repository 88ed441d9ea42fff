import { z } from "zod";
import { readApi } from "./api.ts";
import { duration, plain, spoken, table } from "./text.ts";
import type { Verb } from "./verb.ts";

const Status = z.looseObject({
  paused: z.boolean(),
  issues: z.record(z.string(), z.number()),
  queueLength: z.number(),
  agents: z.record(z.string(), z.number()),
  conditions: z.array(
    z.looseObject({
      name: z.string(),
      since: z.string().nullable(),
      detail: z.string(),
      wayOut: z.string(),
      subject: z.string().nullable(),
    }),
  ),
});
type Condition = z.infer<typeof Status>["conditions"][number];

/** `3 queued, 1 in review`; what there is none of is left out. */
const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, number]) => number > 0)
    .map(([name, number]) => `${number} ${spoken(name)}`)
    .join(", ") || "none";

const explained = ({ name, since, detail, wayOut, subject }: Condition, now: number): readonly string[] => {
  const lasts = since ? `for ${duration((now - Date.parse(since)) / 60_000)}` : "since it was started";
  return ["", plain(`${name}${subject ? ` (${subject})` : ""}, ${lasts}`), `  ${plain(detail)}`, `  → ${plain(wayOut)}`];
};

export const status: Verb = {
  name: "status",
  says: "How the Rig is: what it works on, and what wants somebody's attention.",
  words: [],
  options: [],
  finding: "something wants somebody's attention",
  needs: "app",
  run: async ({ config, say }) => {
    const found = await readApi(config, "/status", Status);
    const { paused, issues, agents, conditions } = found;
    const lines = [
      paused ? "The Rig is paused: it hears and shows, and starts nothing." : "The Rig runs.",
      ...table(["Issues", counted(issues)], [["Agents", counted(agents)]]),
      ...(conditions.length === 0 ? ["Nothing wants attention."] : conditions.flatMap((condition) => explained(condition, Date.now()))),
    ];
    say({ json: found, lines });
    return conditions.length > 0;
  },
};
