import type { Pool } from "pg";
import type { Priority } from "../domain/events.ts";
import type { AgentId, Subject } from "../domain/ids.ts";
import type { IssueState } from "../domain/issue.ts";
import { rows } from "./query.ts";

/** An issue as the tables show it. */
export interface IssueRow extends Subject {
  readonly title: string;
  readonly state: IssueState;
  readonly priority: Priority;
  readonly approvedAt: Date | null;
  readonly attempts: number;
  readonly strikes: number;
  readonly branch: string | null;
  readonly prNumber: number | null;
  readonly headSha: string | null;
  readonly mergeSha: string | null;
  readonly usd: number;
  readonly why: string;
  readonly updatedAt: Date;
}

export interface AssignmentRow {
  readonly stream: string;
  readonly repositoryId: number;
  readonly agentId: AgentId;
  readonly since: Date;
  readonly priority: Priority;
  readonly state: IssueState;
}

// The present name of the repository, where we know it: a rename changes it for every issue at once (F31).
const ISSUE = `
  select i.stream, coalesce(r.installation_id, i.installation_id)::float8 as "installationId", i.repository_id::float8 as "repositoryId",
    coalesce(r.owner, i.owner) as owner, coalesce(r.name, i.repo) as repo, i.number, i.title, i.state, i.priority, i.approved_at as "approvedAt",
    i.attempts, i.strikes, i.branch, i.pr_number as "prNumber", i.head_sha as "headSha", i.merge_sha as "mergeSha", i.usd::float8 as usd, i.why,
    i.updated_at as "updatedAt"
  from rig.issues i left join rig.repositories r on r.id = i.repository_id`;

const URGENCY = "array_position(array['critical', 'high', 'normal'], i.priority), i.approved_at, i.number";

export const issuesOf = (pool: Pool) => {
  const find = (condition: string, ...values: readonly unknown[]): Promise<IssueRow[]> =>
    rows<IssueRow>(pool, `${ISSUE} where ${condition}`, values);

  return {
    async issueByStream(stream: string): Promise<IssueRow | undefined> {
      return (await find("i.stream = $1", stream))[0];
    },
    async issueByNumber(repositoryId: number, number: number): Promise<IssueRow | undefined> {
      return (await find("i.repository_id = $1 and i.number = $2", repositoryId, number))[0];
    },
    issuesByPullRequest: (repositoryId: number, prNumber: number) =>
      find("i.repository_id = $1 and i.pr_number = $2", repositoryId, prNumber),
    issuesByBranch: (repositoryId: number, branch: string) => find("i.repository_id = $1 and i.branch = $2", repositoryId, branch),
    issuesByHeadSha: (repositoryId: number, sha: string) => find("i.repository_id = $1 and i.head_sha = $2", repositoryId, sha),
    issuesByMergeSha: (repositoryId: number, sha: string) => find("i.repository_id = $1 and i.merge_sha = $2", repositoryId, sha),
    /** Issues in any of these states; of every repository when none is named. */
    issuesInState: (repositoryId: number | undefined, states: readonly IssueState[]) =>
      find(`i.state = any ($1) and ($2::bigint is null or i.repository_id = $2) order by ${URGENCY}`, states, repositoryId ?? null),
    /** Issues that something may still happen to. */
    openIssues: (repositoryId?: number) =>
      find(`i.state not in ('done', 'new') and ($1::bigint is null or i.repository_id = $1) order by ${URGENCY}`, repositoryId ?? null),
    allIssues: (repositoryId?: number) => find(`($1::bigint is null or i.repository_id = $1) order by ${URGENCY}`, repositoryId ?? null),
    async issueByRun(runId: string): Promise<IssueRow | undefined> {
      return (await find("i.stream = (select stream from rig.runs where run_id = $1)", runId))[0];
    },
    /** The queue: critical before high before normal, then whoever was approved first (P12). */
    readyIssues: (repositoryId?: number) =>
      find(`i.state = 'queued' and ($1::bigint is null or i.repository_id = $1) order by ${URGENCY}`, repositoryId ?? null),
    /** Who works on what; of every repository when none is named. */
    assignmentsOf: (repositoryId?: number): Promise<AssignmentRow[]> =>
      rows<AssignmentRow>(
        pool,
        `select a.stream, a.repository_id::float8 as "repositoryId", a.agent_id as "agentId", a.since, i.priority, i.state
         from rig.assignments a join rig.issues i using (stream) where $1::bigint is null or a.repository_id = $1 order by a.since`,
        [repositoryId ?? null],
      ),
  };
};
