import type { Pool } from "pg";
import { ISSUE, type IssueRow } from "./issues.ts";
import { rows } from "./query.ts";

const ROUND = `${ISSUE} where i.kind = 'round' and i.repository_id = $1`;

export const roundsOf = (pool: Pool) => ({
  /** Rounds of a repository whose run has not told its end; of every agent when none is named. */
  openRounds: (repositoryId: number, agent?: string) =>
    rows<IssueRow>(pool, `${ROUND} and i.state <> 'done' and ($2::text is null or starts_with(i.stream, $2)) order by i.stream`, [
      repositoryId,
      agent === undefined ? null : `agent/${agent}/`,
    ]),

  /** The rounds of an agent in a repository, the one that something happened to last first. */
  roundsOf: (repositoryId: number, agent: string, most = 50) =>
    rows<IssueRow>(pool, `${ROUND} and starts_with(i.stream, $2) order by i.updated_at desc, i.stream limit $3`, [
      repositoryId,
      `agent/${agent}/`,
      most,
    ]),

  /** The fingerprint of the incident that an issue was filed of. */
  async incidentOfIssue(repositoryId: number, issueNumber: number): Promise<string | undefined> {
    const [found] = await rows<{ fingerprint: string }>(
      pool,
      `select i.fingerprint from rig.incidents i join rig.events e on e.stream = 'incident/' || i.fingerprint
       where i.repository_id = $1 and e.type = 'INCIDENT_FILED' and (e.data->>'issueNumber')::int = $2 order by e.position desc limit 1`,
      [repositoryId, issueNumber],
    );
    return found?.fingerprint;
  },
});
