/** Plays stories from their beginning to their end. */
import Bottleneck from "bottleneck";
import type { StreamId } from "../../../app/domain/ids.ts";
import { missingFrom } from "./ending.ts";
import { isAbout, type Kind, priced } from "./script.ts";
import { type Part, type Stage, type Story, streamOf, until } from "./story.ts";

export interface Ended {
  readonly story: Story;
  /** Of its parts; empty where it did not even begin. */
  readonly streams: readonly StreamId[];
  /** A sentence for each thing that is not as it should be. */
  readonly missing: readonly string[];
}

/** Of more than these at once, on a machine of two cores, each would wait for the others longer than its own people do. */
const AT_ONCE = 10;

/** Plays all of them, side by side as far as they do not disturb each other, the first of the list first. None of the answers rejects. */
export function playAll(stories: readonly Story[], stage: Stage): readonly Promise<Ended>[] {
  const stages = new Bottleneck({ maxConcurrent: AT_ONCE });
  let quiet: Promise<unknown> = Promise.resolve();
  const ends = new Map<Story, Promise<Ended>>();
  for (const story of stories.toSorted((a, b) => Number(b.stopsTheApp ?? false) - Number(a.stopsTheApp ?? false))) {
    const here: Stage = { ...stage, shop: story.at ? stage.world.branch(story.at) : stage.shop };
    const begun = Promise.withResolvers<void>();
    const play = async () => {
      const numbers = await begin(story, here).finally(begun.resolve);
      return end(story, here, numbers);
    };
    const played = quiet.then(() => stages.schedule(play));
    if (story.stopsTheApp) quiet = begun.promise;
    ends.set(
      story,
      played.catch((error: unknown) => ({ story, streams: [], missing: [sentence(error)] })),
    );
  }
  return stories.map((story) => ends.get(story) ?? Promise.reject(new Error(`${story.name} was not played.`)));
}

/** Hands the issues over and plays everybody's part; answers the issues' numbers. */
function begin(story: Story, stage: Stage): Promise<readonly number[]> {
  for (const { issue, scripts } of story.parts) {
    for (const [kind, lines] of Object.entries(scripts)) stage.world.model.script(isAbout(issue.title, kind as Kind), priced(lines));
  }
  return story.play(stage, (stream, sentence) => stage.tell(story, stream, sentence));
}

/** The rest goes on by itself. */
async function end(story: Story, stage: Stage, numbers: readonly number[]): Promise<Ended> {
  const missing = await Promise.all(
    story.parts.map(async (part, index) => {
      const number = numbers[index] ?? 0;
      const sentences = await missingAtEnd(part, stage, number);
      return story.parts.length > 1 ? sentences.map((sentence) => `${streamOf(stage, number)}: ${sentence}`) : sentences;
    }),
  );
  return { story, streams: numbers.map((number) => streamOf(stage, number)), missing: missing.flat() };
}

async function missingAtEnd(part: Part, stage: Stage, number: number): Promise<readonly string[]> {
  const stream = streamOf(stage, number);
  try {
    await until(stage, stream, part.ends ?? "ISSUE_DONE", { passing: part.history });
    await stage.rig.shown(stream);
    return await missingFrom(part, stage, stream, number);
  } catch (error) {
    return [sentence(error)];
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
