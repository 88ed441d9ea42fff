/** What must be true when a story is over. Each answers a sentence for what is not. */
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { EventType } from "../../../app/domain/events.ts";
import type { StreamId } from "../../../app/domain/ids.ts";
import { effectsOf } from "./effects.ts";
import { personIn } from "./person.ts";
import type { Stage, Story } from "./story.ts";

/** What happens in no story. */
const never: readonly EventType[] = [
  "AGENT_STUCK",
  "ISSUE_UNASSIGNED",
  "ESCALATED",
  "CI_FAILED",
  "DEPLOY_FAILED",
  "SMOKE_FAILED",
  "GUARD_BLOCKED",
  "ISSUE_HELD",
];

/** Everything that is not as the story promises; empty when all is well. */
export async function missingFrom(story: Story, stage: Stage, stream: StreamId, number: number): Promise<readonly string[]> {
  const events = await stage.rig.events(stream);
  const { state, labels } = await personIn(stage.world, "maria").issue(number);
  const shown = labels.filter((label) => label.startsWith("rig:")).join(", ");
  return [
    ...historyOf(story, events),
    ...probesOf(events),
    ...effectsOf(story, stage, stream, number, events),
    ...(state === "closed" ? [] : [`its issue is ${state}`]),
    ...(shown === "rig:done" ? [] : [`its issue carries ${shown || "no state label"}, not rig:done`]),
    ...((await story.missing?.(stage, stream)) ?? []),
  ];
}

/** The events the story tells of, in its order and no more often. */
function historyOf({ history }: Story, events: readonly Recorded[]): readonly string[] {
  const told = new Set<string>([...history, ...never]);
  const happened = events.map((event) => event.type).filter((type) => told.has(type));
  const at = Array.from({ length: Math.max(happened.length, history.length) }, (_, index) => index).find(
    (index) => happened[index] !== history[index],
  );
  if (at === undefined) return [];
  return [`after ${happened[at - 1] ?? "the beginning"} came ${happened[at] ?? "nothing"}, not ${history[at] ?? "the end"}`];
}

/** Verified means asked and seen (R15). */
const probesOf = (events: readonly Recorded[]): readonly string[] => {
  const verified = events.find((event) => event.type === "VERIFIED");
  return verified && verified.data.probes.length > 0 && verified.data.probes.every(({ ok }) => ok)
    ? []
    : ["production was never asked what it runs"];
};
