import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { readApi, readPages } from "./api.ts";
import { jsonLine, moment, plain } from "./text.ts";
import { requireRun, type Verb } from "./verb.ts";

const LOOK_EVERY_MS = 1000;
const PAGE = 200;

const Note = z.looseObject({ nth: z.number(), at: z.string().optional(), type: z.string() });
type Note = z.infer<typeof Note>;

const Run = z.looseObject({ finishedAt: z.string().nullable(), fenced: z.boolean() });

const Block = z.looseObject({ type: z.string(), text: z.string().optional(), name: z.string().optional(), input: z.unknown().optional() });

/** What a note says, on one line; `--json` has all of it. */
function told({ nth: _, at: __, type, ...rest }: Note): string {
  const blocks = z.array(Block).safeParse(rest.content).data;
  if (type === "assistant" && blocks)
    return blocks
      .map(({ type: what, text, name, input }) => (what === "tool_use" ? `→ ${name} ${jsonLine(input)}` : (text ?? what)))
      .join(" ");
  const named = typeof rest.name === "string" ? `${rest.name}: ` : "";
  return named + (typeof rest.text === "string" ? rest.text : jsonLine(rest));
}

const MOST = 400;

const line = (note: Note): string => {
  const text = plain(told(note));
  return `${note.at ? moment(note.at) : "?"}  ${note.type.padEnd(10)}  ${text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text}`;
};

export const logs: Verb = {
  name: "logs",
  says: "What was said and done in a run, oldest first, without secrets. A run's id stands in `rig events` of its issue and in its pull request.",
  words: [["<run>", "the run's id, a UUID"]],
  options: [["--follow", "go on with what happens from now on, until the run is over; with `--json` one note a line"]],
  finding: "the run has said nothing yet, or more than ninety days ago",
  needs: "app",
  run: async ({ config, words: [run], options, say }) => {
    const id = requireRun(run);
    const after = (nth: number) => readPages(config, `/runs/${id}/transcript?limit=${PAGE}&after=${nth}`, Note);
    if (!options.follow) {
      const found: Note[] = [];
      for await (const page of after(0)) found.push(...page);
      say({ json: found, lines: found.length > 0 ? found.map(line) : [`The run ${id} has no transcript here.`] });
      return found.length === 0;
    }
    for (let nth = 0; ; await pause(LOOK_EVERY_MS)) {
      const { finishedAt, fenced } = await readApi(config, `/runs/${id}`, Run);
      for await (const page of after(nth)) {
        for (const note of page) say({ json: note, lines: [line(note)] });
        nth = page.at(-1)?.nth ?? nth;
      }
      if (finishedAt !== null || fenced) return nth === 0;
    }
  },
};
