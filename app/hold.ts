import type { Conductor } from "./conductor.ts";
import { refused } from "./domain/accepts.ts";
import { conductor as conductorE, type Said } from "./domain/envelope.ts";
import { evolve } from "./domain/evolve.ts";
import type { Subject } from "./domain/ids.ts";
import { project } from "./domain/projection.ts";
import { historyOf, type Recording } from "./sync.ts";

const MOST_RACES = 20;

/**
 * Tells an issue what holds it where GitHub shows nothing of it: no look, no effect, only its history and what the tables show.
 * Its run is fenced by that; nobody could end it at GitHub. What is held already stays as it is.
 */
export async function holdUnseen(
  { store, now }: Pick<Conductor, "store" | "now">,
  subject: Subject,
  event: Said<"ISSUE_HELD">,
  cause: string,
): Promise<Recording> {
  for (let race = 0; race < MOST_RACES; race += 1) {
    const { issue, version } = await historyOf(store, subject.stream);
    if (!issue.approval || issue.doneAt || issue.held) return { result: "accepted", version };
    const reason = refused(issue, event);
    if (reason) return { result: "rejected", version, reason };
    const at = now();
    const appended = await store.append({
      stream: subject.stream,
      expectedVersion: version,
      events: [{ ...event, actor: conductorE, occurredAt: at, causationId: cause, correlationId: subject.stream }],
      projection: project(subject, evolve(issue, event, at), event.data.reason),
    });
    if (appended.result === "accepted") return { result: "accepted", version: appended.version };
  }
  throw new Error(`${subject.stream} changed ${MOST_RACES} times while it was being held.`);
}
