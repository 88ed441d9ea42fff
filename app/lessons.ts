/** An issue's merge, or a person's word on it, reaches what its repository remembers. */
import type { Conductor } from "./conductor.ts";
import { record } from "./repository.ts";
import { lessonsOf } from "./rules/repository/lessons.ts";

/** Twice is once: what the repository's history has of it is not written again. */
export async function syncLessons(
  conductor: Pick<Conductor, "store" | "config" | "now">,
  repositoryId: number,
  stream: string,
  cause: string,
): Promise<void> {
  const { store } = conductor;
  const [repository, issue, history] = await Promise.all([
    store.repository(repositoryId),
    store.issueByStream(stream),
    store.readStream(stream),
  ]);
  if (repository && issue) await record(conductor, repository, cause, (state) => lessonsOf(state, history, issue.number));
}
