import { z } from "zod";
import { readPages } from "./api.ts";
import { duration, table } from "./text.ts";
import { Usage, type Verb } from "./verb.ts";

const PAGE = 500;

const Queued = z.looseObject({
  id: z.string(),
  title: z.string(),
  priority: z.string(),
  position: z.number(),
  ageMinutes: z.number(),
  ready: z.boolean(),
  reason: z.string(),
});
type Queued = z.infer<typeof Queued>;

const row = ({ id, title, priority, position, ageMinutes, ready, reason }: Queued) => [
  position,
  id,
  priority,
  duration(ageMinutes),
  ready ? "yes" : "no",
  title,
  reason,
];

export const queue: Verb = {
  name: "queue",
  says: "What waits for an agent, the most urgent first, and why it has not begun.",
  words: [],
  options: [["--most <number>", "no more than so many issues"]],
  needs: "app",
  run: async ({ config, options, say }) => {
    const most = options.most === undefined ? Number.POSITIVE_INFINITY : Number(options.most);
    if (!Number.isInteger(most) && most !== Number.POSITIVE_INFINITY)
      throw new Usage("--most is not a whole number: write one such as 20.");
    if (most < 1) throw new Usage("--most is less than 1: leave it out to see the whole queue.");
    const found: Queued[] = [];
    for await (const page of readPages(config, `/queue?limit=${Math.min(PAGE, most)}`, Queued)) {
      found.push(...page);
      if (found.length >= most) break;
    }
    const queued = found.slice(0, most);
    const head = ["Turn", "Issue", "Priority", "Waits", "Ready", "Title", "Why"];
    say({ json: queued, lines: queued.length > 0 ? table(head, queued.map(row)) : ["Nothing waits for an agent."] });
    return false;
  },
};
