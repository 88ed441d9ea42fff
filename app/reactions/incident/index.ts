/** What follows from an incident's event. A command's key is its event's id and its kind, as everywhere. */
import type { Command, EffectOutcome, PlannedCommand } from "../../domain/commands.ts";
import type { EventType, RigEvent } from "../../domain/events.ts";
import { filesOf, type Incident } from "../../domain/incident.ts";
import { callPeople, sayThatNothingWasFiled } from "./call.ts";
import { sayDiagnosis, sayHowGraveItIs, sayThatItIsBack, sayThatItIsOver } from "./comments.ts";
import { fileIssue } from "./issue.ts";
import type { IncidentContext, IncidentReaction } from "./reaction.ts";

const reactions: { readonly [T in EventType]?: IncidentReaction<T> } = {
  INCIDENT_DETECTED: (_, context) => {
    const { after, settled } = context;
    const calls = after.called && !settled.flapping ? callPeople(after, context) : [];
    if (!after.issue) return [...calls, ...fileIssue(context)];
    return [...calls, ...(settled.flapping ? [] : sayThatItIsBack(after))];
  },
  INCIDENT_CHANGED: (_, context) => {
    const { before, after } = context;
    return [
      ...(after.called && !before?.called ? callPeople(after, context) : []),
      ...(before && before.severity !== after.severity ? sayHowGraveItIs(after) : []),
      ...(after.issue || filesOf(after, context.effects).some(({ state }) => state !== "dead") ? [] : fileIssue(context)),
    ];
  },
  // GitHub may have taken so long that it is over by now.
  INCIDENT_FILED: (_, { after }) => (after.open ? [] : sayThatItIsOver(after)),
  INCIDENT_DIAGNOSED: sayDiagnosis,
  INCIDENT_RESOLVED: (_, { after }) => sayThatItIsOver(after),
};

export function reactToIncident(event: RigEvent, eventId: string, context: IncidentContext): readonly PlannedCommand[] {
  const reaction = reactions[event.type] as IncidentReaction<typeof event.type> | undefined;
  return (reaction?.(event.data, context) ?? []).map((command) => keyed(command, `${eventId}:${command.kind}`));
}

/** Issues of this time that GitHub refused for good, each told once. */
export const unfiledNotices = (incident: Incident, effects: readonly EffectOutcome[], repository: string): readonly PlannedCommand[] =>
  filesOf(incident, effects)
    .filter(({ state, key }) => state === "dead" && !effects.some((effect) => effect.key === `${key}:NOTIFY`))
    .flatMap(({ key, error }) =>
      sayThatNothingWasFiled(incident, error ?? "unknown", { repository }).map((command) => keyed(command, `${key}:NOTIFY`)),
    );

const keyed = (command: Command, key: string): PlannedCommand => ({ ...command, key });
