import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { readPages } from "./api.ts";
import { jsonLine, moment, plain, table } from "./text.ts";
import type { Verb } from "./verb.ts";

const PAGE = 500;
const LOOK_EVERY_MS = 1000;
/** `--json` has all of it. */
const SHOWN = 140;

const Event = z.looseObject({
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  timestamp: z.string(),
  version: z.number(),
  actor: z.looseObject({ login: z.string() }),
});
type Event = z.infer<typeof Event>;

function row({ type, data, timestamp, version, actor }: Event): readonly (string | number)[] {
  const text = jsonLine(data);
  return [version, moment(timestamp), type, actor.login, text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text];
}

const head = ["Version", "Time (UTC)", "Event", "By", "Data"];

export const events: Verb = {
  name: "events",
  says: "What happened to an issue or a repository, oldest first.",
  words: [["<stream>", "`owner/repo#number`, or `repo/owner/name` for a repository's own history"]],
  options: [["--follow", "go on with what happens from now on, until it is ended with Ctrl-C; with `--json` one event a line"]],
  finding: "nothing was ever recorded under that name",
  needs: "app",
  run: async ({ config, words: [stream = ""], options, say }) => {
    const after = (version: number) =>
      readPages(config, `/events/stream?id=${encodeURIComponent(stream)}&limit=${PAGE}&after=${version}`, Event);
    if (!options.follow) {
      const found: Event[] = [];
      for await (const page of after(0)) found.push(...page);
      const nothing = `Nothing was ever recorded under ${plain(stream)}: it is owner/repo#number for an issue, repo/owner/name for a repository.`;
      say({ json: found, lines: found.length > 0 ? table(head, found.map(row)) : [nothing] });
      return found.length === 0;
    }
    for (let version = 0; ; await pause(LOOK_EVERY_MS)) {
      for await (const page of after(version)) {
        for (const event of page) say({ json: event, lines: [row(event).map(String).map(plain).join("  ")] });
        version = page.at(-1)?.version ?? version;
      }
    }
  },
};
