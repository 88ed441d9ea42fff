import type { RigEvent } from "../domain/events.ts";

/** Every type of an issue or a pull request that a measure of delivery is made of. */
export const deliveryTypes = [
  "PR_CREATED",
  "PR_WATCHED",
  "MERGED",
  "DEPLOYED_PRODUCTION",
  "SMOKE_FAILED",
  "VERIFIED",
  "ROLLBACK_REQUESTED",
  "ROLLED_BACK",
] as const;

/** Every type that a measure of waiting and of cost is made of. */
export const effortTypes = [
  "ISSUE_APPROVED",
  "ISSUE_ASSIGNED",
  "HUMAN_GATE_TRIGGERED",
  "HUMAN_GATE_APPROVED",
  "VERIFIED",
  "ISSUE_DONE",
] as const;

type Measured =
  | (typeof deliveryTypes)[number]
  | (typeof effortTypes)[number]
  | "INCIDENT_DETECTED"
  | "INCIDENT_FILED"
  | "INCIDENT_RESOLVED";

/** An event as the measures read it. Long texts and lists of its data may be missing: no measure reads them. */
export type Told<T extends Measured = Measured> = RigEvent<T> & {
  readonly stream: string;
  readonly version: number;
  readonly at: Date;
  /** `owner/name` as it is called now; empty where the stream is no repository's. */
  readonly repo: string;
};

/** Streams with their events, oldest first. */
export function byStream(told: readonly Told[]): ReadonlyMap<string, readonly Told[]> {
  const streams = new Map<string, Told[]>();
  for (const event of told.toSorted((a, b) => a.version - b.version)) {
    const events = streams.get(event.stream);
    if (events) events.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
}
