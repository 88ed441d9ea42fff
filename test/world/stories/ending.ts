/** What must be true when a story is over. Each answers a sentence for what is not. */
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { EventType } from "../../../app/domain/events.ts";
import type { StreamId } from "../../../app/domain/ids.ts";
import { effectsOf } from "./effects.ts";
import { personIn } from "./person.ts";
import { dataOf, type Part, type Stage } from "./story.ts";

/** What happens only where a story tells of it. */
const never: readonly EventType[] = [
  "APPROVAL_STALE",
  "ISSUE_WAITING",
  "ISSUE_RESUMED",
  "CHECKPOINT_REQUESTED",
  "CHECKPOINT_SAVED",
  "BUDGET_WARNED",
  "BUDGET_EXCEEDED",
  "AGENT_STUCK",
  "ISSUE_UNASSIGNED",
  "ISSUE_WITHDRAWN",
  "ESCALATED",
  "ESCALATION_NOTIFIED",
  "ESCALATION_REMINDED",
  "ESCALATION_RESOLVED",
  "COMMAND_RECEIVED",
  "CI_FAILED",
  "DEPLOY_FAILED",
  "SMOKE_FAILED",
  "GUARD_BLOCKED",
  "ISSUE_HELD",
];

/** What an issue is, which is no state of it. */
const kinds: ReadonlySet<string> = new Set(["rig:incident", "rig:proposal"]);

/** Everything that is not as the story promises; empty when all is well. */
export async function missingFrom(part: Part, stage: Stage, stream: StreamId, number: number): Promise<readonly string[]> {
  const events = await stage.rig.events(stream);
  const { state, labels } = await personIn(stage, "maria").issue(number);
  const shown = labels.filter((label) => label.startsWith("rig:") && !kinds.has(label)).join(", ");
  if (part.ends) return [...historyOf(part, events), ...((await part.missing?.(stage, stream)) ?? [])];
  return [
    ...historyOf(part, events),
    ...probesOf(events),
    ...unreadOf(events),
    ...effectsOf(part, stage, stream, number, events),
    ...(state === "closed" ? [] : [`its issue is ${state}`]),
    ...(shown === "rig:done" ? [] : [`its issue carries ${shown || "no state label"}, not rig:done`]),
    ...((await part.missing?.(stage, stream)) ?? []),
  ];
}

/** The events the story tells of, in its order and no more often. */
function historyOf({ history }: Part, events: readonly Recorded[]): readonly string[] {
  const told = new Set<string>([...history, ...never]);
  const happened = events.map((event) => event.type).filter((type) => told.has(type));
  const at = Array.from({ length: Math.max(happened.length, history.length) }, (_, index) => index).find(
    (index) => happened[index] !== history[index],
  );
  if (at === undefined) return [];
  return [`after ${happened[at - 1] ?? "the beginning"} came ${happened[at] ?? "nothing"}, not ${history[at] ?? "the end"}`];
}

/** Review-E approves what a run of it has read, and nothing that came later (P4). */
function unreadOf(events: readonly Recorded[]): readonly string[] {
  const read = new Set(dataOf(events, "RUN_REQUESTED").flatMap(({ kind, baseSha }) => (kind === "review" ? [baseSha] : [])));
  return dataOf(events, "REVIEW_PASSED").flatMap(({ headSha }) =>
    read.has(headSha) ? [] : [`Review-E approved ${headSha}, which it never read`],
  );
}

/** Verified means asked and seen (R15). */
const probesOf = (events: readonly Recorded[]): readonly string[] => {
  const verified = events.find((event) => event.type === "VERIFIED");
  return verified && verified.data.probes.length > 0 && verified.data.probes.every(({ ok }) => ok)
    ? []
    : ["production was never asked what it runs"];
};
