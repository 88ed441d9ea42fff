/** Plays stories from their beginning to their end. */
import type { StreamId } from "../../../app/domain/ids.ts";
import { missingFrom } from "./ending.ts";
import { isAbout, type Kind, priced } from "./script.ts";
import { type Stage, type Story, streamOf, until } from "./story.ts";

export interface Ended {
  readonly story: Story;
  /** Absent: it did not even begin. */
  readonly stream?: StreamId;
  /** A sentence for each thing that is not as it should be. */
  readonly missing: readonly string[];
}

/** Plays all of them, side by side as far as they do not disturb each other. None of the answers rejects. */
export function playAll(stories: readonly Story[], stage: Stage): readonly Promise<Ended>[] {
  let quiet: Promise<unknown> = Promise.resolve();
  const ends = new Map<Story, Promise<Ended>>();
  for (const story of stories.toSorted((a, b) => Number(b.stopsTheApp ?? false) - Number(a.stopsTheApp ?? false))) {
    const begun = quiet.then(() => begin(story, stage));
    if (story.stopsTheApp) quiet = begun.catch(() => {});
    ends.set(
      story,
      begun.then((number) => end(story, stage, number)).catch((error: unknown) => ({ story, missing: [sentence(error)] })),
    );
  }
  return stories.map((story) => ends.get(story) ?? Promise.reject(new Error(`${story.name} was not played.`)));
}

/** Hands the issue over and plays everybody's part; answers the issue's number. */
function begin(story: Story, stage: Stage): Promise<number> {
  for (const [kind, lines] of Object.entries(story.scripts))
    stage.world.model.script(isAbout(story.issue.title, kind as Kind), priced(lines));
  return story.play(stage, (stream, sentence) => stage.tell(story, stream, sentence));
}

/** The rest goes on by itself. */
async function end(story: Story, stage: Stage, number: number): Promise<Ended> {
  const stream = streamOf(stage, number);
  try {
    await until(stage, stream, "ISSUE_DONE");
    await stage.rig.shown(stream);
    return { story, stream, missing: await missingFrom(story, stage, stream, number) };
  } catch (error) {
    return { story, stream, missing: [sentence(error)] };
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
