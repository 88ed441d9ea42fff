import { z } from "zod";
import type { EventType, RigEvent } from "./events.ts";

/** Who caused an event. `id` is GitHub's user or App id; the clock and the Rig itself have 0. */
export const Actor = z.strictObject({
  kind: z.enum(["human", "agent", "app", "github", "clock"]),
  login: z.string(),
  id: z.number().int(),
});
export type Actor = z.infer<typeof Actor>;

export const conductor: Actor = { kind: "app", login: "conductor-e", id: 0 };
export const clock: Actor = { kind: "clock", login: "clock", id: 0 };

/** An event and who said it, before it has a place in its stream. `at` is GitHub's time where GitHub knows it. */
export type Said<T extends EventType = EventType> = RigEvent<T> & {
  readonly actor?: Actor;
  readonly at?: Date;
  /** The natural key of the fact: said twice, it is written once. */
  readonly dedupeKey?: string;
};

/** An event in its place. */
export type Recorded<T extends EventType = EventType> = RigEvent<T> & {
  readonly id: string;
  readonly stream: string;
  /** Contiguous from 1 within the stream. */
  readonly version: number;
  /** Gapless and in commit order over all streams. */
  readonly position: number;
  readonly schemaVersion: number;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly actor: Actor;
  /** The delivery, command or run that brought it. */
  readonly causationId: string;
  readonly correlationId: string;
};
