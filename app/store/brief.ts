import type { Pool } from "pg";
import type { EventType, RigEvent, RunKind } from "../domain/events.ts";
import { rows } from "./query.ts";

/** What happened to an issue. The approved text is left out. */
export type IssueEvent<T extends EventType = EventType> = {
  [K in T]: RigEvent<K> & { readonly issue: number; readonly at: Date };
}[T];

export type IncidentEvent = RigEvent<"INCIDENT_DETECTED" | "INCIDENT_RESOLVED"> & { readonly at: Date };

/** A run that was asked for, and what it has cost; `issue` is null where it had none. */
export interface RunCost {
  readonly issue: number | null;
  readonly agent: string;
  readonly kind: RunKind;
  readonly outcome: string | null;
  readonly usd: number;
}

export const briefOf = (pool: Pool) => ({
  /** All events of these types of a repository's issues to which anything has happened since, oldest first. */
  issueEvents: <T extends EventType>(repositoryId: number, since: Date, types: readonly T[]): Promise<IssueEvent<T>[]> =>
    rows(
      pool,
      `select i.number as issue, e.type, e.occurred_at as at, case when e.type = 'ISSUE_APPROVED' then e.data || '{"body": ""}' else e.data end as data
       from rig.issues i join rig.events e on e.stream = i.stream
       where i.repository_id = $1 and i.kind = 'issue' and e.type = any ($3)
         and exists (select from rig.events x where x.stream = i.stream and x.occurred_at >= $2)
       order by e.position`,
      [repositoryId, since, types],
    ),

  incidentEvents: (repositoryId: number, since: Date): Promise<IncidentEvent[]> =>
    rows(
      pool,
      `select e.type, e.occurred_at as at, e.data
       from rig.incidents i join rig.events e on e.stream = 'incident/' || i.fingerprint
       where i.repository_id = $1 and e.type in ('INCIDENT_DETECTED', 'INCIDENT_RESOLVED') and e.occurred_at >= $2
       order by e.position`,
      [repositoryId, since],
    ),

  runCosts: (repositoryId: number, since: Date): Promise<RunCost[]> =>
    rows(
      pool,
      `select case when i.kind = 'issue' then i.number end as issue, r.agent, r.kind, r.outcome, r.usd::float8 as usd
       from rig.runs r left join rig.issues i on i.stream = r.stream
       where r.repository_id = $1 and r.requested_at >= $2 order by r.requested_at, r.run_id`,
      [repositoryId, since],
    ),
});
