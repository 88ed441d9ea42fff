/** Every rule about an incident, in the order it is asked. `settleIncident` asks until none has anything to add. */
import type { Said } from "../../domain/envelope.ts";
import { evolveIncident } from "../../domain/incident.ts";
import { change, detection } from "./detection.ts";
import { filing } from "./filing.ts";
import { flapping, resolution } from "./flapping.ts";
import type { IncidentRule, IncidentScene } from "./rule.ts";

const rules: readonly IncidentRule[] = [filing, detection, change, flapping, resolution];

const MOST_EVENTS = 10;

export interface SettledIncident {
  readonly scene: IncidentScene;
  readonly events: readonly Said[];
  readonly wakeAt?: Date;
}

export function settleIncident(before: IncidentScene): SettledIncident {
  const events: Said[] = [];
  let scene = before;
  while (events.length <= MOST_EVENTS) {
    const concluded = rules.map((rule) => rule(scene));
    const first = concluded.flatMap((one) => one.events)[0];
    if (!first) {
      const wakes = concluded.flatMap(({ wakeAt }) => wakeAt ?? []).toSorted((a, b) => a.getTime() - b.getTime());
      return { scene, events, ...(wakes[0] ? { wakeAt: wakes[0] } : {}) };
    }
    events.push(first);
    scene = told(scene, first);
  }
  throw new Error(`The rules about an incident go round in circles: ${events.map(({ type }) => type).join(", ")}`);
}

/** The scene once this was said, too. */
export function told(scene: IncidentScene, event: Said): IncidentScene {
  const incident = evolveIncident(scene.incident, event, event.at ?? scene.now);
  return incident ? { ...scene, incident } : scene;
}
