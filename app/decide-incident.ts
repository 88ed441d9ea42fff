import type { PlannedCommand } from "./domain/commands.ts";
import type { Said } from "./domain/envelope.ts";
import { eventId, incidentStream } from "./domain/ids.ts";
import type { Incident } from "./domain/incident.ts";
import type { Policy } from "./domain/policy.ts";
import { reactToIncident, unfiledNotices } from "./reactions/incident/index.ts";
import { settleIncident, told } from "./rules/incident/index.ts";
import type { IncidentScene } from "./rules/incident/rule.ts";
import { incidentCard } from "./views/incident-card.ts";
import { difference } from "./views/index.ts";

/** Where an incident is, and whom it may call. */
export interface IncidentPlace {
  readonly fingerprint: string;
  /** The version that its stream has. */
  readonly version: number;
  /** `owner/name` */
  readonly repository: string;
  readonly policy: Policy;
  /** Whether anything may be done there but showing it. */
  readonly mayAct: boolean;
  /** As many others as may have an issue have theirs. */
  readonly crowded: boolean;
  readonly cto: readonly string[];
  readonly mentions: readonly string[];
}

export interface IncidentDecision {
  readonly events: readonly Said[];
  readonly commands: readonly PlannedCommand[];
  readonly incident: Incident | undefined;
  readonly wakeAt?: Date;
}

/** History × what production shows × policy × time → events, commands and when to look again. Pure. */
export function decideIncident(scene: IncidentScene, place: IncidentPlace, said: readonly Said[]): IncidentDecision {
  const before = said.reduce(told, scene);
  const settled = settleIncident(before);
  const events = [...said, ...settled.events];
  const { incident } = settled.scene;
  if (!incident) return { events: [], commands: [], incident };
  const stream = incidentStream(place.fingerprint);
  const commands = place.mayAct
    ? [...reactionsTo(scene, place, events, incident), ...unfiledNotices(incident, scene.effects, place.repository)]
    : [];
  const shown =
    place.policy.mode === "disabled" ? [] : difference(stream, incidentCard(incident, place.repository), scene.effects, scene.now);
  return { events, commands: [...commands, ...shown], incident, ...(settled.wakeAt ? { wakeAt: settled.wakeAt } : {}) };
}

function reactionsTo(scene: IncidentScene, place: IncidentPlace, events: readonly Said[], settled: Incident): readonly PlannedCommand[] {
  let now = scene;
  return events.flatMap((event, index) => {
    const { incident: before } = now;
    now = told(now, event);
    if (!now.incident) return [];
    return reactToIncident(event, eventId(incidentStream(place.fingerprint), place.version + index + 1), {
      ...place,
      ...(before ? { before } : {}),
      ...{ after: now.incident, settled, effects: scene.effects },
      ...(scene.signal ? { signal: scene.signal } : {}),
    });
  });
}
