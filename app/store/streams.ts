import type { Pool } from "pg";
import type { Recorded } from "../domain/envelope.ts";
import { rows } from "./query.ts";

const COLUMNS = `id, stream, version, position, type, schema_version as "schemaVersion", data, occurred_at as "occurredAt", recorded_at as "recordedAt",
  actor, causation_id as "causationId", correlation_id as "correlationId"`;

/** pg gives a bigint as text. The data was validated when it was appended, and nothing can have changed it since. */
type EventRow = Omit<Recorded, "position"> & { readonly position: string };

const recorded = (found: readonly EventRow[]): Recorded[] =>
  found.map((event) => ({ ...event, position: Number(event.position) }) as Recorded);

export const streamsOf = (pool: Pool) => ({
  /** A stream's events after a version, oldest first. */
  async readStream(stream: string, afterVersion = 0): Promise<Recorded[]> {
    return recorded(
      await rows<EventRow>(pool, {
        name: "read_stream",
        text: `select ${COLUMNS} from rig.events where stream = $1 and version > $2 order by version`,
        values: [stream, afterVersion],
      }),
    );
  },

  /** The event that was recorded under a natural key, if it was. */
  async recordedAs(dedupeKey: string): Promise<Recorded | undefined> {
    return recorded(await rows<EventRow>(pool, `select ${COLUMNS} from rig.events where dedupe_key = $1`, [dedupeKey]))[0];
  },

  /** All events after a position in commit order. The last one's position is where to go on: none before it can still appear (R-ES3). */
  async readAll(afterPosition: number, limit: number): Promise<Recorded[]> {
    return recorded(
      await rows<EventRow>(pool, {
        name: "read_all",
        text: `select ${COLUMNS} from rig.events where position > $1 order by position limit $2`,
        values: [afterPosition, limit],
      }),
    );
  },
});
