import type { Pool } from "pg";
import type { Priority, RunKind } from "../domain/events.ts";
import type { AgentId, RunId } from "../domain/ids.ts";
import { rows } from "./query.ts";

/** A run that was asked for and has not ended. */
export interface LiveRun {
  readonly runId: RunId;
  readonly stream: string;
  readonly repositoryId: number;
  readonly agent: string;
  readonly agentId: AgentId;
  readonly kind: RunKind;
  readonly requestedAt: Date;
  readonly starvedAt: Date | null;
  readonly startedAt: Date | null;
  readonly lastSeenAt: Date | null;
}

/** An issue that an agent instance has, whose run nobody has taken up yet. */
export interface NextAssignment {
  readonly stream: string;
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly title: string;
  readonly priority: Priority;
  readonly branch: string | null;
  readonly runId: RunId;
  readonly attempt: number;
}

export const agentsOf = (pool: Pool) => ({
  liveRuns: (): Promise<LiveRun[]> =>
    rows<LiveRun>(
      pool,
      `select run_id as "runId", stream, repository_id::float8 as "repositoryId", agent, agent_id as "agentId", kind, requested_at as "requestedAt",
         starved_at as "starvedAt", started_at as "startedAt", last_seen_at as "lastSeenAt"
       from rig.runs where finished_at is null and not fenced order by requested_at`,
    ),

  /** What an instance is to begin with; an instance of that name in several repositories gets the oldest. */
  async nextAssignment(agentId: string): Promise<NextAssignment | undefined> {
    const [next] = await rows<NextAssignment>(
      pool,
      `select i.stream, coalesce(p.owner, i.owner) as owner, coalesce(p.name, i.repo) as repo, i.number, i.title, i.priority, i.branch, r.run_id as "runId", r.attempt
       from rig.assignments a
       join rig.issues i using (stream)
       join rig.runs r on r.stream = a.stream and r.agent_id = a.agent_id and r.started_at is null and r.finished_at is null and not r.fenced
       left join rig.repositories p on p.id = i.repository_id
       where a.agent_id = $1 order by r.requested_at limit 1`,
      [agentId],
    );
    return next;
  },

  /** What each repository's runs have spent on this day (UTC), by repository. */
  async spentToday(): Promise<ReadonlyMap<number, { readonly usd: number; readonly tokens: number }>> {
    const found = await rows<{ id: number; usd: number; tokens: number }>(
      pool,
      `select repository_id::float8 as id, usd::float8 as usd, tokens::float8 as tokens
       from rig.usage_days where day = (clock_timestamp() at time zone 'utc')::date`,
    );
    return new Map(found.map(({ id, ...spent }) => [id, spent]));
  },
});
