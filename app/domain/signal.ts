/** What the world says of production, as it was last heard: of each thing that may be wrong, whether it is. */
import { createHash } from "node:crypto";
import type { EventData, Severity } from "./events.ts";
import type { RepositoryId } from "./ids.ts";

export type SignalSource = EventData<"INCIDENT_DETECTED">["source"];

export interface Signal {
  readonly fingerprint: string;
  readonly repositoryId: RepositoryId;
  readonly source: SignalSource;
  /** What fires: the name of the probe, the alert, the certificate's host, the object of Flux. */
  readonly name: string;
  readonly service: string;
  readonly severity: Severity;
  readonly firing: boolean;
  /** Since when it is as it is, as far as the source tells. */
  readonly since: Date;
  /** When it began or stopped firing, newest last; as many as flapping is judged by. */
  readonly changes: readonly Date[];
  /** One line; a stranger's words. */
  readonly summary: string;
  /** What else the source says; a stranger's words. */
  readonly detail: string;
  readonly url?: string;
}

/** What was heard of a signal just now; the store knows what was heard before. */
export interface NewSignal extends Omit<Signal, "since" | "changes"> {
  /** Whether the source shows it as wrong now. It fires once its patience is over, and stops at once. */
  readonly firing: boolean;
  /** Since when it is so; now unless told. */
  readonly since?: Date;
  readonly patience?: {
    /** How many times in a row it has to be wrong. */
    readonly failures?: number;
    /** For how long it has to be wrong. */
    readonly forMs?: number;
    /** Where nothing was heard for that long, it begins anew. */
    readonly gapMs?: number;
  };
  /** It is over: nobody need remember it who never heard of it. */
  readonly onlyIfKnown?: boolean;
}

/** The same thing that goes wrong again is the same incident: 16 hexadecimal digits of what tells it from others. */
export const fingerprintOf = (repositoryId: number, source: SignalSource, identity: readonly string[]): string =>
  createHash("sha256")
    .update(JSON.stringify([repositoryId, source, ...identity]))
    .digest("hex")
    .slice(0, 16);
