import type { Command, EffectOutcome } from "../../domain/commands.ts";
import type { EventType, RigEvent } from "../../domain/events.ts";
import type { Incident } from "../../domain/incident.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Signal } from "../../domain/signal.ts";

/** What a reaction to an incident's event may know besides the event. */
export interface IncidentContext {
  /** Just before the event, just after it, and when everything of this look was said. */
  readonly before?: Incident;
  readonly after: Incident;
  readonly settled: Incident;
  readonly signal?: Signal;
  /** `owner/name` */
  readonly repository: string;
  readonly policy: Pick<Policy, "monitor" | "priority" | "trigger">;
  /** As many other incidents as may have an issue have theirs: this one has its card. */
  readonly crowded: boolean;
  readonly effects: readonly EffectOutcome[];
  /** Logins of `RIG_CTO`, and their ids in Discord. */
  readonly cto: readonly string[];
  readonly mentions: readonly string[];
}

export type IncidentReaction<T extends EventType> = (data: RigEvent<T>["data"], context: IncidentContext) => readonly Command[];
