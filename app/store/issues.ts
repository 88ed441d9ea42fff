import type { Pool } from "pg";
import type { Priority } from "../domain/events.ts";
import { type AgentId, BOARD, incidentStream, type Place, type Sha, type StreamId, type Subject } from "../domain/ids.ts";
import type { IssueState } from "../domain/state.ts";
import { placeOfIncident } from "./incidents.ts";
import { rows } from "./query.ts";

/** An issue as the tables show it. */
export interface IssueRow extends Subject {
  readonly kind: "issue" | "pull_request" | "round";
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
  /** Queued, and no other issue has to be done first. */
  readonly ready: boolean;
  /** Open issues that have to be done first, as `owner/repo#number`. */
  readonly waitingOn: readonly string[];
  readonly milestone: string | null;
  /** The instance that failed at it, which the next attempt does not get. */
  readonly avoids: AgentId | null;
  /** Told of queued issues: the agent that its approval asks for, or null. */
  readonly agent?: string | null;
  readonly updatedAt: Date;
}

export interface AssignmentRow {
  readonly stream: StreamId;
  readonly repositoryId: number;
  readonly agentId: AgentId;
  readonly since: Date;
  readonly priority: Priority;
  readonly state: IssueState;
}

// The present name of the repository, where we know it: a rename changes it for every issue at once (F31).
const issuesWith = (more: string) => `
  select i.stream, coalesce(r.installation_id, i.installation_id)::float8 as "installationId", i.repository_id::float8 as "repositoryId",
    coalesce(r.owner, i.owner) as owner, coalesce(r.name, i.repo) as repo, i.number, i.kind, i.title, i.state, i.priority, i.approved_at as "approvedAt",
    i.attempts, i.strikes, i.branch, i.pr_number as "prNumber", i.head_sha as "headSha", i.merge_sha as "mergeSha", i.usd::float8 as usd, i.why, i.ready, i.waiting_on as "waitingOn", i.milestone, i.avoids,
    i.updated_at as "updatedAt"${more}
  from rig.issues i left join rig.repositories r on r.id = i.repository_id`;

export const ISSUE = issuesWith("");

/** An issue of the queue, with the agent that its last approval asks for. */
export const QUEUED = issuesWith(`,
    (select e.data->>'agent' from rig.events e where e.stream = i.stream and e.type = 'ISSUE_APPROVED' order by e.version desc limit 1) as agent`);

/** The order in which issues get their turn (P12). */
export const URGENCY = "array_position(array['critical', 'high', 'normal'], i.priority), (not i.set_aside), i.approved_at, i.number";

export const issuesOf = (pool: Pool) => {
  const find = (condition: string, ...values: readonly unknown[]): Promise<IssueRow[]> =>
    rows<IssueRow>(pool, `${ISSUE} where ${condition}`, values);

  return {
    async issueByStream(stream: string): Promise<IssueRow | undefined> {
      return (await find("i.stream = $1", stream))[0];
    },
    /** Where a stream belongs: an issue's, a repository's, an incident's, or the board's. */
    async placeOf(stream: string): Promise<Place | undefined> {
      const [issue] = await find("i.stream = $1", stream);
      if (issue) return issue;
      if (stream === BOARD) return { stream, owner: "", repo: "" };
      if (stream.startsWith(incidentStream(""))) return placeOfIncident(pool, stream);
      const [repository] = await rows<Place>(
        pool,
        `select $1::text as stream, installation_id::float8 as "installationId", id::float8 as "repositoryId", owner, name as repo
         from rig.repositories where stream = $1`,
        [stream],
      );
      return repository;
    },
    async issueByNumber(repositoryId: number, number: number): Promise<IssueRow | undefined> {
      return (await find("i.repository_id = $1 and i.number = $2 and i.kind <> 'round'", repositoryId, number))[0];
    },
    issuesByPullRequest: (repositoryId: number, prNumber: number) =>
      find("i.repository_id = $1 and i.pr_number = $2", repositoryId, prNumber),
    issuesByBranch: (repositoryId: number, branch: string) => find("i.repository_id = $1 and i.branch = $2", repositoryId, branch),
    issuesByHeadSha: (repositoryId: number, sha: string) => find("i.repository_id = $1 and i.head_sha = $2", repositoryId, sha),
    issuesByMergeSha: (repositoryId: number, sha: string) => find("i.repository_id = $1 and i.merge_sha = $2", repositoryId, sha),
    /** Issues in any of these states; of every repository when none is named. */
    issuesInState: (repositoryId: number | undefined, states: readonly IssueState[]) =>
      find(
        `i.state = any ($1) and i.kind <> 'round' and ($2::bigint is null or i.repository_id = $2) order by ${URGENCY}`,
        states,
        repositoryId ?? null,
      ),
    /** Issues that something may still happen to; rounds are none. */
    openIssues: (repositoryId?: number) =>
      find(
        `i.state not in ('done', 'new') and i.kind <> 'round' and ($1::bigint is null or i.repository_id = $1) order by ${URGENCY}`,
        repositoryId ?? null,
      ),
    /** Issues that may have something unhealthy out there: on their way, escalated, or a release of theirs once failed its checks. */
    unhealthyIssues: (repositoryId: number) =>
      find(
        `i.repository_id = $1 and i.kind = 'issue' and i.state not in ('done', 'new') and (i.state in ('deploying', 'failed')
           or exists (select 1 from rig.events e where e.stream = i.stream and e.type = 'SMOKE_FAILED')) order by i.number`,
        repositoryId,
      ),
    /** The merge that production was verified with last. */
    async lastVerified(repositoryId: number): Promise<Sha | undefined> {
      const found = await rows<{ readonly sha: Sha }>(
        pool,
        `select e.data->>'sha' as sha from rig.events e join rig.issues i using (stream)
         where i.repository_id = $1 and i.state = 'done' and e.type = 'VERIFIED' order by e.position desc limit 1`,
        [repositoryId],
      );
      return found[0]?.sha;
    },
    /** Issues of which a person asked for the way back, and production has not been seen to have taken it. */
    issuesGoingBack: (repositoryId: number) =>
      find(
        `i.repository_id = $1 and exists (select 1 from rig.events e where e.stream = i.stream and e.type = 'ROLLBACK_REQUESTED'
           and not exists (select 1 from rig.events b where b.stream = i.stream and b.type = 'ROLLED_BACK' and b.version > e.version))`,
        repositoryId,
      ),
    /** Issues of which a person ever asked for the way back. */
    issuesTakenBack: (repositoryId: number) =>
      find(
        `i.repository_id = $1 and exists (select 1 from rig.events e where e.stream = i.stream and e.type = 'ROLLBACK_REQUESTED') order by i.number`,
        repositoryId,
      ),
    /** People's merged pull requests that may still come to production; later than in two weeks nobody asks when. */
    followed: (repositoryId: number) =>
      find(
        `i.repository_id = $1 and i.kind = 'pull_request' and i.state = 'done' and i.merge_sha is not null and i.updated_at > clock_timestamp() - interval '14 days'
           and not exists (select from rig.events e where e.stream = i.stream and e.type = 'DEPLOYED_PRODUCTION')`,
        repositoryId,
      ),
    allIssues: (repositoryId?: number) =>
      find(`i.kind = 'issue' and ($1::bigint is null or i.repository_id = $1) order by ${URGENCY}`, repositoryId ?? null),
    async issueByRun(runId: string): Promise<IssueRow | undefined> {
      return (await find("i.stream = (select stream from rig.runs where run_id = $1)", runId))[0];
    },
    /** The queue: critical before high before normal, what was interrupted before what has not begun, then whoever was approved first (P12). */
    queuedIssues: (repositoryId?: number) =>
      find(`i.state = 'queued' and ($1::bigint is null or i.repository_id = $1) order by ${URGENCY}`, repositoryId ?? null),
    /** The first of a repository's queue that nothing has to be done before. */
    nextReady: (repositoryId: number, most: number) =>
      rows<IssueRow>(pool, `${QUEUED} where i.state = 'queued' and i.ready and i.repository_id = $1 order by ${URGENCY} limit $2`, [
        repositoryId,
        most,
      ]),
    /** Issues that wait for this one, `owner/repo#number`. */
    issuesWaitingOn: (ref: string) => find("i.waiting_on @> array[$1] and i.waiting_on <> '{}'", ref),
    issuesOfMilestone: (repositoryId: number, milestone: string) =>
      find("i.repository_id = $1 and i.milestone = $2", repositoryId, milestone),
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
