/** What was written down of an issue: when, what, by whom. */
import type { Recorded } from "../../app/domain/envelope.ts";
import type { Ended } from "../world/stories/play.ts";
import type { Stage } from "../world/stories/story.ts";
import type { Voice } from "./voice.ts";

const TYPE_WIDTH = 26;

export async function showTimelines(voice: Voice, stage: Stage, endings: readonly Ended[]): Promise<void> {
  for (const { story, streams } of endings) {
    for (const [index, stream] of streams.entries()) {
      voice.heading(`${stream}  ${story.parts[index]?.issue.title}`);
      voice.line(voice.styled("dim", story.shows));
      for (const event of await stage.rig.events(stream))
        voice.line(`  ${clock(event.occurredAt)}  ${event.type.padEnd(TYPE_WIDTH)} ${event.actor.login}`);
    }
  }
}

const clock = (at: Date): string => at.toISOString().slice(11, 19);

export interface Spent {
  readonly usd: number;
  readonly runs: number;
}

/** What the models of all runs cost, as the gateway counted it. */
export function spentOn(histories: readonly (readonly Recorded[])[]): Spent {
  const runs = histories.flat().filter((event) => event.type === "RUN_FINISHED");
  return { usd: runs.reduce((sum, { data }) => sum + data.usd, 0), runs: runs.length };
}
