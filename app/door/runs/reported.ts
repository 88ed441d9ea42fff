/** What a round says at its end, at the door: only of its own kind, and without the app's secrets. */
import { isRound } from "../../../agents/runtime/kinds.ts";
import { type Redact, redactedIn } from "../../../agents/runtime/redact.ts";
import type { RigEvent } from "../../domain/events.ts";
import type { RunRow } from "../../store/runs.ts";
import { Problem } from "../problem.ts";

/** A round asks nobody and ends with what it says, whatever its runtime did; whoever is no round says nothing of that sort. */
export function requireOfItsKind({ type, data }: RigEvent, { kind }: Pick<RunRow, "kind">): void {
  if (isRound(kind) && notForRounds.has(type)) throw new Problem(400, `type: a run of the kind ${kind} cannot say ${type}.`);
  if (type !== "RUN_FINISHED") return;
  const { outcome, diagnosis, proposals } = data;
  if (isRound(kind) && resultsElsewhere.has(outcome))
    throw new Problem(400, `data.outcome: a run of the kind ${kind} cannot end with ${outcome}: it reports, or comes to nothing.`);
  const reports = outcome === "report";
  const own = { diagnosis: kind === "diagnose", proposals: kind === "propose" };
  for (const [name, said] of Object.entries({ diagnosis, proposals })) {
    const wanted = reports && own[name as keyof typeof own];
    if (said !== undefined && !wanted)
      throw new Problem(400, `data.${name}: a run of the kind ${kind} that ends with ${outcome} has none.`);
    if (said === undefined && wanted) throw new Problem(400, `data.${name}: it is missing, and a run of the kind ${kind} reports it.`);
  }
  if (reports && !isRound(kind)) throw new Problem(400, `data.outcome: a run of the kind ${kind} has nothing to report.`);
}

const notForRounds: ReadonlySet<RigEvent["type"]> = new Set(["QUESTION_ASKED", "REVIEW_DISPUTED", "BRANCH_CREATED"]);
const resultsElsewhere: ReadonlySet<string> = new Set(["patch", "review", "question"]);

/** R20: the runtime knows its own secrets only. What a run says at its end is repeated to people, so it passes here once more. */
export function withoutSecrets<E extends RigEvent>(event: E, redact: Redact): E {
  return event.type === "RUN_FINISHED" ? { ...event, data: redactedIn(event.data, redact) as E["data"] } : event;
}
