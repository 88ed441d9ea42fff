import type { Pool } from "pg";
import { rows } from "./query.ts";

/** A delivery that nothing more happens to unless somebody asks. */
export interface FailedDelivery {
  readonly guid: string;
  readonly event: string;
  /** `dead`: given up, with a reason. `stored`: its job is gone or has failed for good. */
  readonly state: "dead" | "stored";
  readonly error: string | null;
  readonly receivedAt: Date;
}

/** `replayed`: its job will run. `pruned`: known, but its body is no longer kept. `unknown`: it never came. */
export type Replay = "replayed" | "pruned" | "unknown";

const THEIR_JOBS = "from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id and t.identifier = $1";

export const replayOf = (pool: Pool, task = "delivery") => ({
  /** What was given up (R-Q4, F25), and what waits without a job that would look at it; oldest first. */
  failedDeliveries: (): Promise<FailedDelivery[]> =>
    rows<FailedDelivery>(
      pool,
      `select d.guid, d.event, d.state, d.error, d.received_at as "receivedAt" from rig.deliveries d
       where d.state = 'dead' or (d.state = 'stored' and d.guid::text not in
         (select coalesce(j.payload ->> 'guid', '') ${THEIR_JOBS} where j.attempts < j.max_attempts or j.locked_at is not null))
       order by d.received_at, d.guid`,
      [task],
    ),

  /** Hands deliveries to the worker again, each with a new job in place of the one it had, whatever became of them before. */
  async replayDeliveries(guids: readonly string[]): Promise<ReadonlyMap<string, Replay>> {
    const found = await rows<{ guid: string; replayed: boolean }>(
      pool,
      `with asked as (
         select d.guid, d.raw is not null as kept from rig.deliveries d where d.guid = any ($2::uuid[]) for update
       ), replayed as (
         update rig.deliveries d set state = 'stored', error = null, settled_at = null from asked a where a.guid = d.guid and a.kept returning d.guid
       ), jobs as (
         select rig.add_jobs(coalesce(jsonb_agg(jsonb_build_object('task', $1::text, 'key', 'replay:' || guid, 'payload', jsonb_build_object('guid', guid))), '[]')),
           graphile_worker.complete_jobs(array(
             select j.id ${THEIR_JOBS} where j.locked_at is null and j.payload ->> 'guid' in (select guid::text from replayed))) as ended
         from replayed
       )
       select a.guid, r.guid is not null as replayed from asked a left join replayed r using (guid) left join jobs on true`,
      [task, guids],
    );
    const known = new Map(found.map(({ guid, replayed }) => [guid, replayed ? ("replayed" as const) : ("pruned" as const)]));
    return new Map(guids.map((guid) => [guid, known.get(guid) ?? "unknown"]));
  },
});
