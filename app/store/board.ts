import type { Pool } from "pg";
import type { Priority } from "../domain/events.ts";
import { rows } from "./query.ts";

/** What the board needs of each issue it names. */
export interface BoardRow {
  readonly stream: string;
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly title: string;
  readonly why: string;
}
export interface QueuedRow extends BoardRow {
  readonly priority: Priority;
  readonly approvedAt: Date;
  /** From 1, in its repository's queue. */
  readonly position: number;
}
export interface WorkingRow extends BoardRow {
  readonly agentId: string;
  readonly since: Date;
}

/** The first of so many. */
export interface Part<Row> {
  readonly first: readonly Row[];
  readonly total: number;
}

const ISSUE = "i.stream, coalesce(r.owner, i.owner) as owner, coalesce(r.name, i.repo) as repo, i.number, i.title, i.why";
const FROM = "rig.issues i left join rig.repositories r on r.id = i.repository_id";

export const boardOf = (pool: Pool) => {
  async function part<Row>(text: string, most: number): Promise<Part<Row>> {
    const found = await rows<Row & { total: number }>(pool, `${text} limit $1`, [most]);
    return { first: found, total: found[0]?.total ?? 0 };
  }

  return {
    /** Of all repositories, the first in each queue first. */
    boardQueue: (most: number) =>
      part<QueuedRow>(
        `select * from (
           select ${ISSUE}, i.priority, i.approved_at as "approvedAt", count(*) over ()::int as total,
             row_number() over (partition by i.repository_id
               order by array_position(array['critical', 'high', 'normal'], i.priority), (not i.set_aside), i.approved_at, i.number)::int as position
           from ${FROM} where i.state = 'queued') q
         order by position, array_position(array['critical', 'high', 'normal'], priority), "approvedAt", stream`,
        most,
      ),
    /** Whoever works longest first. */
    boardWorking: (most: number) =>
      part<WorkingRow>(
        `select ${ISSUE}, a.agent_id as "agentId", a.since, count(*) over ()::int as total
         from rig.assignments a join ${FROM} on i.stream = a.stream order by a.since, i.stream`,
        most,
      ),
    /** Issues that a person may have to move, those that nothing has happened to for longest first. */
    boardWaiting: (most: number) =>
      part<BoardRow>(
        `select ${ISSUE}, count(*) over ()::int as total from ${FROM}
         where i.state in ('waiting', 'failed') or (i.state not in ('done', 'new', 'held') and exists (
           select from rig.gates g where g.stream = i.stream and g.state = 'waiting' and g.head_sha = i.head_sha))
         order by i.updated_at, i.stream`,
        most,
      ),
  };
};
