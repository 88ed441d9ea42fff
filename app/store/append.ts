import type { Pool } from "pg";
import type { PlannedCommand } from "../domain/commands.ts";
import type { Actor } from "../domain/envelope.ts";
import type { RigEvent } from "../domain/events.ts";
import type { IssueProjection } from "../domain/projection.ts";
import { groupCommit } from "./group-commit.ts";
import type { JobRequest } from "./jobs.ts";

export type NewEvent = RigEvent & {
  readonly actor: Actor;
  /** The database's time unless told. */
  readonly occurredAt?: Date | undefined;
  readonly causationId: string;
  readonly correlationId: string;
  /** The natural key of the fact: recorded once for ever, whoever says it first. */
  readonly dedupeKey?: string | undefined;
};

export interface AppendRequest {
  readonly stream: string;
  /** The version the stream must have; 0: it must be new; null: any. */
  readonly expectedVersion: number | null;
  readonly events: readonly NewEvent[];
  /** What the stream adds up to afterwards; left out, the tables keep what they show. */
  readonly projection?: IssueProjection | undefined;
  readonly commands?: readonly (PlannedCommand & { readonly delayMs?: number | undefined })[] | undefined;
  readonly jobs?: readonly JobRequest[] | undefined;
}

export type AppendResult =
  | { readonly result: "accepted"; readonly version: number; readonly position: number }
  /** One of its facts is in the history already, at this position; nothing was written. */
  | { readonly result: "duplicate"; readonly position: number }
  /** The stream has another version; nothing was written. */
  | { readonly result: "conflict"; readonly version: number }
  /** Another issue has the agent instance; nothing was written. */
  | { readonly result: "taken"; readonly by: string };

export const appendsOf = (pool: Pool) => ({ append: groupCommit(pool) });
