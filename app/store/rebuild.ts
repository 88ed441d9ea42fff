import type { Pool } from "pg";
import type { Recorded } from "../domain/envelope.ts";
import type { IssueProjection } from "../domain/projection.ts";
import { row, rows } from "./query.ts";
import { streamsOf } from "./streams.ts";
import { jsonText } from "./text.ts";

export const rebuildOf = (pool: Pool) => ({
  /** Writes the projections again from history, stream by stream, while appends go on; answers how many streams were folded. */
  async rebuildProjections(fold: (events: Recorded[]) => IssueProjection | undefined): Promise<number> {
    const { readStream } = streamsOf(pool);
    const streams = await rows<{ stream: string }>(
      pool,
      "select stream from rig.events union select stream from rig.issues union select stream from rig.assignments union select stream from rig.runs union select stream from rig.gates order by stream",
    );
    for (const { stream } of streams) {
      for (let done = false; !done; ) {
        const events = await readStream(stream);
        const projection = events.length > 0 ? fold(events) : undefined;
        const version = events.at(-1)?.version ?? 0;
        done = (
          await row<{ done: boolean }>(pool, "select rig.rebuild_projection($1, $2, $3) as done", [
            stream,
            version,
            projection ? jsonText(projection) : null,
          ])
        ).done;
      }
    }
    return streams.length;
  },
});
