import type { Pool } from "pg";
import type { EventData, Proposal } from "../domain/events.ts";
import { rows } from "./query.ts";

/** Older rounds have been decided long ago. */
const WITHIN = "90 days";

export const proposalsOf = (pool: Pool) => ({
  /** Rounds of a repository that have ended with something to propose, oldest first. */
  proposingRounds: (
    repositoryId: number,
  ): Promise<{ eventId: string; runId: EventData<"RUN_FINISHED">["runId"]; proposals: readonly Proposal[] }[]> =>
    rows(
      pool,
      `select e.id as "eventId", r.run_id as "runId", e.data -> 'proposals' as proposals
       from rig.runs r join rig.events e on e.stream = r.stream and e.type = 'RUN_FINISHED' and e.data ->> 'runId' = r.run_id::text
       where r.repository_id = $1 and r.kind = 'propose' and r.requested_at > clock_timestamp() - interval '${WITHIN}'
         and e.data ->> 'outcome' = 'report' and jsonb_array_length(e.data -> 'proposals') > 0
       order by e.position`,
      [repositoryId],
    ),

  /** Which of these issues are done. */
  async doneAmong(repositoryId: number, numbers: readonly number[]): Promise<number[]> {
    const found = await rows<{ number: number }>(
      pool,
      "select number from rig.issues where repository_id = $1 and kind = 'issue' and state = 'done' and number = any ($2)",
      [repositoryId, numbers],
    );
    return found.map(({ number }) => number);
  },
});
