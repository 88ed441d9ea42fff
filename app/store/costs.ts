import type { Pool } from "pg";
import { rows } from "./query.ts";
import type { Tokens } from "./runs.ts";

/** What some runs have cost; each is of one kind: by repository, by day, by issue, or in all. */
export interface CostRow {
  readonly by: "all" | "repository" | "day" | "issue";
  readonly repo: string | null;
  /** `2026-11-22`: the day (UTC) on which the runs were asked for. */
  readonly day: string | null;
  readonly stream: string | null;
  readonly runs: number;
  readonly usd: number;
  readonly tokens: Tokens;
}

export const costsOf = (pool: Pool) => ({
  /** What runs asked for from one day to another, both included, have cost. */
  costs: (from: string | undefined, to: string | undefined): Promise<CostRow[]> =>
    rows<CostRow>(
      pool,
      `select case grouping(x.repo, x.day, x.stream) when 7 then 'all' when 3 then 'repository' when 5 then 'day' else 'issue' end as by,
         x.repo, x.day::text as day, x.stream, count(x.run_id)::int as runs, coalesce(sum(x.usd), 0)::float8 as usd,
         json_build_object('input', coalesce(sum(x.input_tokens), 0), 'output', coalesce(sum(x.output_tokens), 0),
           'cacheRead', coalesce(sum(x.cache_read_tokens), 0), 'cacheWrite', coalesce(sum(x.cache_write_tokens), 0)) as tokens
       from (
         select r.*, coalesce(p.owner || '/' || p.name, r.repository_id::text) as repo, (r.requested_at at time zone 'utc')::date as day
         from rig.runs r left join rig.repositories p on p.id = r.repository_id
       ) x
       where ($1::date is null or x.day >= $1::date) and ($2::date is null or x.day <= $2::date)
       group by grouping sets ((), (x.repo), (x.day), (x.stream))
       order by by, x.day, usd desc, x.repo, x.stream`,
      [from ?? null, to ?? null],
    ),
});
