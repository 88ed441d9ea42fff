/** The events that measures are made of. */
import type { Pool } from "pg";
import type { RigEvent } from "../domain/events.ts";
import { rows } from "./query.ts";

/** An event without the long texts and lists of its data, and the repository it belongs to as that is called now. */
export type ToldRow = RigEvent & { readonly stream: string; readonly version: number; readonly at: Date; readonly repo: string };

type Incident = "INCIDENT_DETECTED" | "INCIDENT_FILED" | "INCIDENT_RESOLVED";

/** What no measure reads and takes most of the room. */
const HEAVY = "'{title,body,evidence,approvers,checks,probes,failed,summary,prUrl,branch}'::text[]";

const TOLD = `e.stream, e.version, e.type, e.data - ${HEAVY} as data, e.occurred_at as at, coalesce(p.owner || '/' || p.name, i.owner || '/' || i.repo, '') as repo
  from rig.events e left join rig.issues i using (stream) left join rig.repositories p on p.id = i.repository_id`;

export const measuresOf = (pool: Pool) => ({
  /**
   * What streams tell of these types that tell of a production deployment of a time, and everything about incidents. A deployment of which
   * several streams tell brings them all, also those that did so before or after: it counts once, and when it was first told of.
   */
  deliveryEvents: <T extends ToldRow["type"]>(
    types: readonly T[],
    begin: Date,
    end: Date,
  ): Promise<(ToldRow & { readonly type: T | Incident })[]> =>
    rows<ToldRow & { readonly type: T | Incident }>(
      pool,
      `with moved as (
         select distinct unnest(array_agg(e.stream)) as stream from rig.events e join rig.issues i using (stream)
         where e.type = 'DEPLOYED_PRODUCTION'
         group by i.repository_id, coalesce(e.data ->> 'deploymentId', e.data ->> 'appliedSha', e.data ->> 'sha')
         having max(e.occurred_at) >= $2 and min(e.occurred_at) < $3
       )
       select ${TOLD} where e.stream in (select stream from moved) and e.type = any ($1)
       union all
       select ${TOLD} where e.stream in (select 'incident/' || fingerprint from rig.incidents)
         and e.type in ('INCIDENT_DETECTED', 'INCIDENT_FILED', 'INCIDENT_RESOLVED')`,
      [types, begin, end],
    ),

  /** What streams tell of these types that something has happened to since `begin`, or ever. */
  effortEvents: <T extends ToldRow["type"]>(types: readonly T[], begin?: Date): Promise<(ToldRow & { readonly type: T })[]> =>
    rows<ToldRow & { readonly type: T }>(
      pool,
      `select ${TOLD} where i.kind <> 'round' and ($2::timestamptz is null or i.updated_at >= $2) and e.type = any ($1)`,
      [types, begin ?? null],
    ),

  /** The five-minute pass has gone through everything. */
  async coordinated(): Promise<void> {
    await rows(
      pool,
      "insert into rig.coordination (one, succeeded_at) values (true, clock_timestamp()) on conflict (one) do update set succeeded_at = excluded.succeeded_at",
    );
  },
});
