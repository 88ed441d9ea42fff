/** What a repository learns from an issue, and forgets. Only what people let in counts: the change of the run has to be merged. */
import type { Recorded } from "../../domain/envelope.ts";
import type { EventData, RigEvent } from "../../domain/events.ts";
import type { IssueNumber } from "../../domain/ids.ts";
import type { RepositoryState } from "../../domain/repository.ts";

export const MOST_STANDING = 50;

type Told = RigEvent<"LESSON_LEARNED"> | RigEvent<"LESSON_FORGOTTEN">;

/** What of an issue's history the repository's does not have yet. */
export function lessonsOf(state: RepositoryState, history: readonly Recorded[], issue: IssueNumber): readonly Told[] {
  const events: Told[] = forgotten(state, history);
  const gone = new Set(events.map(({ data }) => data.id));
  const standing = state.lessons.filter(({ id }) => !gone.has(id));
  const known = new Set([...state.lessons.map(({ text }) => text), ...state.unwanted].map(keyOf));
  let ever = state.lessonsEver;
  for (const { agent, runId, lessons } of proposals(state, history)) {
    for (const lesson of lessons) {
      if (known.has(keyOf(lesson.text))) continue;
      known.add(keyOf(lesson.text));
      ever += 1;
      const learned: EventData<"LESSON_LEARNED"> = { id: `L${ever}`, ...lesson, runId, agent, issue };
      events.push({ type: "LESSON_LEARNED", data: learned });
      standing.push({ ...learned, at: new Date(0) });
    }
  }
  const tooMany = standing.slice(0, Math.max(0, standing.length - MOST_STANDING));
  return [...events, ...tooMany.map(({ id }) => ({ type: "LESSON_FORGOTTEN" as const, data: { id } }))];
}

function forgotten({ lessons }: RepositoryState, history: readonly Recorded[]): Told[] {
  const standing = new Set(lessons.map(({ id }) => id));
  return history.flatMap((event) =>
    event.type === "LESSON_FORGOTTEN" && standing.delete(event.data.id) ? [{ type: "LESSON_FORGOTTEN" as const, data: event.data }] : [],
  );
}

interface Proposal {
  readonly agent: string;
  readonly runId: EventData<"RUN_FINISHED">["runId"];
  readonly lessons: NonNullable<EventData<"RUN_FINISHED">["lessons"]>;
}

/** Of the runs whose work is in the merged pull request: those that worked on its branch. */
function proposals({ taughtBy }: RepositoryState, history: readonly Recorded[]): readonly Proposal[] {
  if (!history.some(({ type }) => type === "MERGED")) return [];
  const branch = history.reduce<string | undefined>((last, event) => (event.type === "PR_CREATED" ? event.data.branch : last), undefined);
  return history.flatMap((event) => {
    if (event.type !== "RUN_FINISHED" || !event.data.lessons || taughtBy.includes(event.data.runId)) return [];
    const { runId, lessons } = event.data;
    const asked = history.find((one) => one.type === "RUN_REQUESTED" && one.data.runId === runId);
    return asked?.type === "RUN_REQUESTED" && asked.data.branch === branch ? [{ agent: asked.data.agentId, runId, lessons }] : [];
  });
}

const keyOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
