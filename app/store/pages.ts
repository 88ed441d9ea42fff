/** Issues in pages. Every page starts after a row that is named by values which do not move, so what comes in between neither repeats nor hides a row. */
import type { Pool } from "pg";
import type { IssueState } from "../domain/state.ts";
import { ISSUE, type IssueRow, QUEUED, URGENCY } from "./issues.ts";
import { rows } from "./query.ts";

export interface QueuedRow extends IssueRow {
  /** 1 is the next in its repository's queue. */
  readonly position: number;
  /** Issues of its repository's queue before it that nothing else has to be done before. */
  readonly readyAhead: number;
  readonly setAside: boolean;
  readonly approvedAt: Date;
}

export type IssueKey = Pick<IssueRow, "repositoryId" | "number">;
/** The place of a row in the order of the queue. */
export type QueueKey = Pick<QueuedRow, "priority" | "setAside" | "approvedAt" | "number" | "repositoryId">;

const ORDER = `${URGENCY}, i.repository_id`;

export const pagesOf = (pool: Pool) => ({
  /** Issues by repository and number. */
  issuesPage: (
    state: IssueState | undefined,
    after: { readonly repositoryId: number; readonly number: number } | undefined,
    limit: number,
  ) =>
    rows<IssueRow>(
      pool,
      `${ISSUE} where i.kind = 'issue' and ($1::text is null or i.state = $1) and ($2::bigint is null or (i.repository_id, i.number) > ($2::bigint, $3::int))
       order by i.repository_id, i.number limit $4`,
      [state ?? null, after?.repositoryId ?? null, after?.number ?? null, limit],
    ),

  /** The queues of all repositories, the most urgent first. */
  queuePage: (after: QueueKey | undefined, limit: number) =>
    rows<QueuedRow>(
      pool,
      `with turns as (
         select i.stream, i.set_aside as "setAside",
           (row_number() over turn)::int as position,
           (count(*) filter (where i.ready) over (turn rows between unbounded preceding and 1 preceding))::int as "readyAhead"
         from rig.issues i where i.state = 'queued' window turn as (partition by i.repository_id order by ${URGENCY})
       )
       select found.*, turns."setAside", turns.position, turns."readyAhead"
       from (${QUEUED} where i.state = 'queued' and ($1::text is null or (${ORDER})
         > (array_position(array['critical', 'high', 'normal'], $1), not $2::boolean, $3::timestamptz, $4::int, $5::bigint)) order by ${ORDER} limit $6) found
       join turns using (stream)
       order by array_position(array['critical', 'high', 'normal'], found.priority), (not turns."setAside"), found."approvedAt", found.number, found."repositoryId"`,
      [
        after?.priority ?? null,
        after?.setAside ?? null,
        after?.approvedAt ?? null,
        after?.number ?? null,
        after?.repositoryId ?? null,
        limit,
      ],
    ),

  /** How many issues are in each state; a state without any is left out. */
  issueCounts: () =>
    rows<{ readonly state: IssueState; readonly count: number }>(
      pool,
      "select state, count(*)::int as count from rig.issues where kind = 'issue' group by state",
    ),
});
