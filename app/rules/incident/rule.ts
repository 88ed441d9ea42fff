import type { EffectOutcome } from "../../domain/commands.ts";
import type { Said } from "../../domain/envelope.ts";
import type { Suspect } from "../../domain/events.ts";
import type { Incident } from "../../domain/incident.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Signal } from "../../domain/signal.ts";

/** Everything a rule may know of an incident. Plain data, as everywhere. */
export interface IncidentScene {
  /** Absent: it was never detected. */
  readonly incident?: Incident;
  /** What production shows now, as it was last heard. */
  readonly signal?: Signal;
  /** Production as it was deployed before the signal began, newest first; read where the incident may begin. */
  readonly suspects: readonly Suspect[];
  /** Whether GitHub shows the incident's issue as open; read where the incident may begin again. */
  readonly issueOpen: boolean;
  /** How the commands of this incident ended so far, oldest first. */
  readonly effects: readonly EffectOutcome[];
  readonly policy: Policy["monitor"];
  readonly now: Date;
}

/** What a rule concludes: what has happened, and when to look again if nothing else does. */
export interface IncidentConclusion {
  readonly events: readonly Said[];
  readonly wakeAt?: Date;
}

export type IncidentRule = (scene: IncidentScene) => IncidentConclusion;

export const nothing: IncidentConclusion = { events: [] };
