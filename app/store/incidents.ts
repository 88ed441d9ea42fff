import type { Pool } from "pg";
import type { Recorded } from "../domain/envelope.ts";
import { incidentStream, type Place, type RepositoryId, type StreamId } from "../domain/ids.ts";
import { type Incident, incidentOf } from "../domain/incident.ts";
import type { Deployed } from "../domain/suspects.ts";
import { rows } from "./query.ts";

/** An incident's issue, as it was written down when the Rig had opened it. */
export interface FiledIssue {
  readonly eventId: string;
  /** Of the text that the Rig wrote there. */
  readonly bodyHash: string;
}

export const incidentsOf = (pool: Pool) => {
  async function folded(condition: string, values: readonly unknown[]): Promise<readonly Incident[]> {
    const found = await rows<Pick<Recorded, "stream" | "type" | "data" | "occurredAt">>(
      pool,
      `select e.stream, e.type, e.data, e.occurred_at as "occurredAt"
       from rig.incidents i join rig.events e on e.stream = 'incident/' || i.fingerprint where ${condition} order by e.stream, e.version`,
      values,
    );
    const histories = Map.groupBy(found as Recorded[], ({ stream }) => stream);
    return [...histories.values()]
      .flatMap((history) => incidentOf(history) ?? [])
      .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  }

  return {
    /** Says whose an incident is and whether it is open; of a stream that has moved on from `version`, whoever moved it says it. */
    async noteIncident(fingerprint: string, repositoryId: RepositoryId, open: boolean, version: number): Promise<void> {
      await rows(
        pool,
        `insert into rig.incidents as i (fingerprint, repository_id, open) values ($1, $2, $3)
         on conflict (fingerprint) do update set open = excluded.open, noted_at = clock_timestamp()
         where i.open <> excluded.open and not exists (select from rig.events where stream = $4 and version > $5)`,
        [fingerprint, repositoryId, open, incidentStream(fingerprint), version],
      );
    },

    /** Incidents that are not over, the newest first; of every repository when none is named. */
    openIncidents: async (repositoryId?: number): Promise<readonly Incident[]> =>
      (await folded("i.open and ($1::bigint is null or i.repository_id = $1)", [repositoryId ?? null])).filter(({ open }) => open),

    /** How many other open incidents of a repository have an issue, or are getting one. */
    async filedIncidents(repositoryId: number, but: StreamId): Promise<number> {
      const [found] = await rows<{ readonly count: number }>(
        pool,
        `select count(*)::int as count from rig.incidents i
         where i.repository_id = $1 and i.open and 'incident/' || i.fingerprint <> $2
           and exists (select from rig.effects f where f.stream = 'incident/' || i.fingerprint and f.kind = 'FILE_ISSUE' and f.state <> 'dead')`,
        [repositoryId, but],
      );
      return found?.count ?? 0;
    },

    /** Every incident, the one that came last first; of every repository when none is named. */
    incidents: (repositoryId?: number): Promise<readonly Incident[]> =>
      folded("$1::bigint is null or i.repository_id = $1", [repositoryId ?? null]),

    /** R1: the incident's own event that names an issue as the one that the Rig opened for it. */
    async filedIssue(repositoryId: number, number: number): Promise<FiledIssue | undefined> {
      const [filed] = await rows<FiledIssue & Record<string, unknown>>(
        pool,
        `select e.id as "eventId", e.data ->> 'bodyHash' as "bodyHash"
         from rig.incidents i join rig.events e on e.stream = 'incident/' || i.fingerprint
         where i.repository_id = $1 and e.type = 'INCIDENT_FILED' and (e.data ->> 'issueNumber')::int = $2 order by e.position desc limit 1`,
        [repositoryId, number],
      );
      return filed;
    },

    /** What a repository's production was given in this time, each once. Where it was taken back, that is what it was given. */
    deployedBetween: (repositoryId: number, from: Date, until: Date): Promise<Deployed[]> =>
      rows<Deployed & Record<string, unknown>>(
        pool,
        `select d.sha, d."deployedAt", d."begunAt", o.number as issue, o.pr_number as "prNumber"
         from (
           select distinct on (e.stream, sha) e.stream, coalesce(e.data ->> 'toSha', e.data ->> 'sha') as sha, e.occurred_at as "deployedAt",
             coalesce((select max(b.occurred_at) from rig.events b where b.stream = e.stream and b.version < e.version
               and (b.type in ('MERGED', 'ROLLBACK_REQUESTED') or (b.type = 'DEPLOY_REQUESTED' and b.data ->> 'environment' = 'production'))), e.occurred_at) as "begunAt"
           from rig.issues i join rig.events e on e.stream = i.stream
           where i.repository_id = $1 and i.merge_sha is not null and i.updated_at >= $2
             and (e.type in ('DEPLOYED_PRODUCTION', 'ROLLED_BACK') or (e.type = 'VERIFIED' and e.data ->> 'environment' = 'production'))
           order by e.stream, sha, e.version) d
         left join rig.issues o on o.repository_id = $1 and o.merge_sha = d.sha
         where d."deployedAt" between $2 and $3 order by d."deployedAt" desc`,
        [repositoryId, from, until],
      ).then((found) =>
        found.map(({ issue, prNumber, ...deployed }) => ({
          ...deployed,
          ...(issue ? { issue } : {}),
          ...(prNumber ? { prNumber } : {}),
        })),
      ),
  };
};

/** Where the effects of an incident belong. */
export async function placeOfIncident(pool: Pool, stream: string): Promise<Place | undefined> {
  const [place] = await rows<Place & Record<string, unknown>>(
    pool,
    `select $1::text as stream, r.installation_id::float8 as "installationId", r.id::float8 as "repositoryId", r.owner, r.name as repo
     from rig.incidents i join rig.repositories r on r.id = i.repository_id where i.fingerprint = $2`,
    [stream, stream.slice(incidentStream("").length)],
  );
  return place;
}
