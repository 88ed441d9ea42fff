/** Every number once more, by other means: set-based SQL over the raw events, which knows nothing of the program's definitions but their words. */
import type { Pool, QueryResultRow } from "pg";

export interface Numbers {
  readonly deployments: number;
  readonly leads: number;
  readonly lead_median: number | null;
  readonly lead_p90: number | null;
  readonly failed: number;
  readonly open: number;
  readonly recovery_median: number | null;
  readonly recovery_p90: number | null;
  readonly rework: number;
}

/** $1, $2: the window. $3: one repository, or null. $4: `agent`, `human`, or null for both. */
const DELIVERY = `
with e as (
  select x.stream, x.version, x.type, x.data, x.occurred_at as at, i.repository_id as repo,
    case when bool_or(x.type = 'PR_WATCHED') over (partition by x.stream) then 'human' else 'agent' end as maker,
    count(*) filter (where x.type = 'MERGED') over (partition by x.stream order by x.version) as merge,
    max(x.version) filter (where x.type = 'DEPLOYED_PRODUCTION') over (partition by x.stream order by x.version) as last_arrival,
    first_value(x.version) over (partition by x.stream order by (
      x.type = 'SMOKE_FAILED' and x.data @> '{"environment": "production", "cause": "code"}') desc, x.version) as first_fault,
    bool_or(x.type = 'SMOKE_FAILED' and x.data @> '{"environment": "production", "cause": "code"}') over (partition by x.stream) as had_fault,
    min(case when x.type = 'ROLLED_BACK' or (x.type = 'VERIFIED' and x.data ->> 'environment' = 'production') then x.version end)
      over (partition by x.stream order by x.version rows between 1 following and unbounded following) as ends
  from rig.events x left join rig.issues i using (stream)
),
arrival as (
  select *, data ->> 'sha' as sha, coalesce(data ->> 'deploymentId', data ->> 'appliedSha') as id from e where type = 'DEPLOYED_PRODUCTION'
),
deployment as (select repo, id, min(at) as at from arrival group by repo, id),
mine as (
  select d.repo, d.id, d.at from deployment d join arrival a using (repo, id)
  where d.at >= $1 and d.at < $2 and ($3::bigint is null or d.repo = $3) and ($4::text is null or a.maker = $4) group by 1, 2, 3
),
opening as (
  select distinct on (stream, merge) stream, merge, least(at, coalesce((data ->> 'firstCommitAt')::timestamptz, 'infinity')) as begun
  from e where type in ('PR_CREATED', 'PR_WATCHED') order by stream, merge, version desc
),
lead as (
  select extract(epoch from d.at - o.begun) / 60 as minutes
  from (select distinct on (stream, merge) * from arrival order by stream, merge, version) a
  join mine d on d.repo = a.repo and d.id = a.id
  join opening o on o.stream = a.stream and o.merge = a.merge - 1
  where $4::text is null or a.maker = $4
),
fault as (
  select a.repo, a.id, f.maker, f.at, r.at as mended
  from e f join arrival a on a.stream = f.stream and a.version = f.last_arrival left join e r on r.stream = f.stream and r.version = f.ends
  where f.type = 'ROLLBACK_REQUESTED' or (f.type = 'SMOKE_FAILED' and f.data @> '{"environment": "production", "cause": "code"}')
  union all
  select a.repo, a.id, a.maker, n.at, (select min(r.at) from e r where r.stream = n.stream and r.type = 'INCIDENT_RESOLVED' and r.version > n.version)
  from e n join lateral (
    select * from arrival a where a.sha = n.data #>> '{suspects,0,sha}' and a.at <= n.at order by a.at desc, a.version limit 1) a on true
  where n.type = 'INCIDENT_DETECTED'
),
broken as (
  select repo, id, case when bool_and(mended is not null) then extract(epoch from max(mended) - min(fault.at)) / 60 end as minutes
  from fault join mine using (repo, id) where $4::text is null or maker = $4 group by repo, id
),
filed as (select data ->> 'url' as url from e where type = 'INCIDENT_FILED'),
fix as (
  select distinct a.repo, a.id from arrival a join mine using (repo, id)
  left join e m on m.stream = a.stream and m.type = 'MERGED' and m.merge = a.merge
  where ($4::text is null or a.maker = $4) and (
    (a.had_fault and a.first_fault < m.version) or exists (select from filed where url like '%/' || replace(a.stream, '#', '/issues/')))
)
select (select count(*)::int from mine) as deployments,
  (select count(*)::int from lead) as leads,
  (select percentile_cont(0.5) within group (order by minutes) from lead)::float8 as lead_median,
  (select percentile_cont(0.9) within group (order by minutes) from lead)::float8 as lead_p90,
  (select count(*)::int from broken) as failed,
  (select count(*)::int from broken where minutes is null) as open,
  (select percentile_cont(0.5) within group (order by minutes) from broken)::float8 as recovery_median,
  (select percentile_cont(0.9) within group (order by minutes) from broken)::float8 as recovery_p90,
  (select count(*)::int from fix) as rework`;

export async function delivery(pool: Pool, begin: Date, end: Date, repository: number | null, maker: string | null): Promise<Numbers> {
  return asked<Numbers>(pool, DELIVERY, [begin, end, repository, maker]);
}

export interface EffortNumbers {
  readonly verified: number;
  readonly usd_median: number | null;
  readonly human_p90: number | null;
  readonly queue: number;
  readonly queue_median: number | null;
  readonly gate: number;
  readonly gate_p90: number | null;
}

const EFFORT = `
with e as (select x.*, i.repository_id as repo from rig.events x join rig.issues i using (stream) where $3::bigint is null or i.repository_id = $3),
done as (
  select data from e where type = 'ISSUE_DONE' and occurred_at >= $1 and occurred_at < $2
    and exists (select from e v where v.stream = e.stream and v.type = 'VERIFIED' and v.version < e.version)
),
queue as (
  select extract(epoch from e.occurred_at - p.occurred_at) / 60 as minutes from e join lateral (
    select * from e p where p.stream = e.stream and p.version < e.version and p.type in ('ISSUE_APPROVED', 'ISSUE_ASSIGNED') order by p.version desc limit 1) p
    on p.type = 'ISSUE_APPROVED'
  where e.type = 'ISSUE_ASSIGNED' and e.occurred_at >= $1 and e.occurred_at < $2
),
gate as (
  select extract(epoch from e.occurred_at - t.occurred_at) / 60 as minutes
  from e join e t on t.stream = e.stream and t.type = 'HUMAN_GATE_TRIGGERED' and t.data ->> 'gate' = e.data ->> 'gate' and t.data ->> 'headSha' = e.data ->> 'headSha'
  where e.type = 'HUMAN_GATE_APPROVED' and e.occurred_at >= $1 and e.occurred_at < $2
)
select (select count(*)::int from done) as verified,
  (select percentile_cont(0.5) within group (order by (data ->> 'usd')::float8) from done) as usd_median,
  (select percentile_cont(0.9) within group (order by (data ->> 'humanWaitMinutes')::float8) from done) as human_p90,
  (select count(*)::int from queue) as queue,
  (select percentile_cont(0.5) within group (order by minutes) from queue)::float8 as queue_median,
  (select count(*)::int from gate) as gate,
  (select percentile_cont(0.9) within group (order by minutes) from gate)::float8 as gate_p90`;

export async function efforts(pool: Pool, begin: Date, end: Date, repository: number | null): Promise<EffortNumbers> {
  return asked<EffortNumbers>(pool, EFFORT, [begin, end, repository]);
}

/** Nothing is known of how many rows an intermediate result has: what looks cheap for one row is not for a thousand. */
async function asked<R extends QueryResultRow>(pool: Pool, query: string, values: readonly unknown[]): Promise<R> {
  const client = await pool.connect();
  try {
    await client.query("begin; set local enable_nestloop = off");
    const { rows } = await client.query<R>(query, [...values]);
    await client.query("commit");
    return rows[0] as R;
  } finally {
    client.release();
  }
}
