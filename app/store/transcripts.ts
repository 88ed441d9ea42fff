import type { Pool } from "pg";
import { row, rows } from "./query.ts";

/** Bytes that are kept of one run's transcript; the artifact of the run has the rest. */
const MOST = 20 * 1024 * 1024;

export interface TranscriptNote {
  /** From 0, without a gap. */
  readonly nth: number;
  /** One JSON object, as text. */
  readonly note: string;
}

export const transcriptsOf = (pool: Pool) => ({
  /** Keeps notes from the number `from` on and answers which comes next, which is less where some are missing before. Undefined: no such run. */
  async appendTranscript(runId: string, from: number, notes: readonly string[]): Promise<number | undefined> {
    const { next } = await row<{ next: number | null }>(pool, "select rig.append_transcript($1, $2, $3, $4) as next", [
      runId,
      from,
      notes,
      MOST,
    ]);
    return next ?? undefined;
  },

  transcript: (runId: string, from: number, limit: number): Promise<TranscriptNote[]> =>
    rows<TranscriptNote>(pool, "select nth, note from rig.transcripts where run_id = $1 and nth >= $2 order by nth limit $3", [
      runId,
      from,
      limit,
    ]),
});
