/** Lessons at the door: what a run may propose, and what the next one is told. */

import { unfitLesson } from "../../../agents/runtime/lessons.ts";
import type { Task } from "../../../agents/runtime/task.ts";
import type { RigEvent } from "../../domain/events.ts";
import { repositoryOf } from "../../domain/repository.ts";
import type { Desk } from "./desk.ts";

/** The agent's own tool has refused what is not fit; whoever has a run's bearer could send it all the same. */
export function withFitLessons<E extends RigEvent>(event: E, { log }: Pick<Desk, "log">): E {
  if (event.type !== "RUN_FINISHED" || !event.data.lessons) return event;
  const { lessons, ...data } = event.data;
  const fit = lessons.filter((lesson) => {
    const unfit = unfitLesson(lesson);
    if (unfit) log.warn({ runId: data.runId, unfit }, "A lesson was not taken");
    return !unfit;
  });
  return { ...event, data: { ...data, ...(fit.length > 0 ? { lessons: fit } : {}) } };
}

/** The newest of what the repository has learned. A reviewer is told nothing that authors noted. */
export async function lessonsFor(
  desk: Pick<Desk, "store">,
  repositoryId: number,
  { kind, most }: { readonly kind: Task["kind"]; readonly most: number },
): Promise<Task["lessons"]> {
  const repository = kind === "review" || most === 0 ? undefined : await desk.store.repository(repositoryId);
  if (!repository) return [];
  const { lessons } = repositoryOf(repository.stream, await desk.store.readStream(repository.stream));
  return lessons.slice(-most).map(({ id, kind: what, text }) => ({ id, kind: what, text }));
}
