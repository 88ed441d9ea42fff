import type { Pool } from "pg";
import type { EventData, RunKind } from "../domain/events.ts";
import type { AgentId, RunId, Sha } from "../domain/ids.ts";
import { row, rows } from "./query.ts";
import { jsonText } from "./text.ts";

export interface RunRow {
  readonly runId: RunId;
  readonly stream: string;
  readonly repositoryId: number;
  readonly agent: string;
  readonly agentId: AgentId;
  readonly kind: RunKind;
  readonly attempt: number;
  readonly baseSha: Sha;
  readonly requestedAt: Date;
  /** Since when it is known that no runner takes it. */
  readonly starvedAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly outcome: EventData<"RUN_FINISHED">["outcome"] | null;
  readonly fenced: boolean;
  readonly workflowRunId: number | null;
  readonly workflowRunUrl: string | null;
  /** Workflow run id and attempt that hold the capability: `4242/1`. */
  readonly claimedBy: string | null;
  readonly capabilityExpiresAt: Date | null;
  readonly publishGrantedAt: Date | null;
  readonly lastSeenAt: Date | null;
  readonly tokens: Tokens;
  readonly usd: number;
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

export interface RunClaim {
  readonly runId: string;
  readonly workflowRunId: number;
  readonly attempt: number;
  readonly url: string;
  readonly capabilityHash: string;
  readonly expiresAt: Date;
}

/** So much by a run, by its issue's runs, and by its repository's runs on this day (UTC). */
export interface Amounts {
  readonly run: number;
  readonly issue: number;
  readonly day: number;
}

/** What is spent so far. Tokens: all of them, also those that a cache took or gave. */
export interface Spent {
  readonly usd: Amounts;
  readonly tokens: Amounts;
}

export interface AgentRow {
  readonly repositoryId: number;
  readonly agentId: AgentId;
  readonly status: EventData<"HEARTBEAT">["status"];
  readonly runId: RunId | null;
  readonly progress: EventData<"HEARTBEAT">["progress"];
  readonly seenAt: Date;
}

const RUN = `
  select run_id as "runId", stream, repository_id::float8 as "repositoryId", agent, agent_id as "agentId", kind, attempt, base_sha as "baseSha",
    requested_at as "requestedAt", starved_at as "starvedAt", started_at as "startedAt", finished_at as "finishedAt", outcome, fenced,
    workflow_run_id::float8 as "workflowRunId", workflow_run_url as "workflowRunUrl", claimed_by as "claimedBy",
    capability_expires_at as "capabilityExpiresAt", publish_granted_at as "publishGrantedAt", last_seen_at as "lastSeenAt",
    json_build_object('input', input_tokens, 'output', output_tokens, 'cacheRead', cache_read_tokens, 'cacheWrite', cache_write_tokens) as tokens,
    usd::float8 as usd
  from rig.runs`;

const SPENT = `json_build_object('run', run, 'issue', issue, 'day', day) as usd,
  json_build_object('run', run_tokens, 'issue', issue_tokens, 'day', day_tokens) as tokens`;

export const runsOf = (pool: Pool) => ({
  async run(runId: string): Promise<RunRow | undefined> {
    return (await rows<RunRow>(pool, `${RUN} where run_id = $1`, [runId]))[0];
  },

  /** How many runs of a repository's working agents were asked for on this day (UTC). */
  async runsToday(repositoryId: number): Promise<number> {
    const { count } = await row<{ count: number }>(
      pool,
      `select count(*)::int as count from rig.runs where repository_id = $1 and kind not in ('review', 'diagnose', 'propose')
       and requested_at >= date_trunc('day', clock_timestamp(), 'UTC')`,
      [repositoryId],
    );
    return count;
  },

  runsOfStream: (stream: string): Promise<RunRow[]> =>
    rows<RunRow>(pool, `${RUN} where stream = $1 order by requested_at, run_id`, [stream]),

  async runByWorkflowRun(repositoryId: number, workflowRunId: number): Promise<RunRow | undefined> {
    return (await rows<RunRow>(pool, `${RUN} where repository_id = $1 and workflow_run_id = $2`, [repositoryId, workflowRunId]))[0];
  },

  /** The run a bearer speaks for while it is valid. It may be fenced or finished: what it may still do is the caller's to say. Named, as it stands before each call of the model. */
  async runByCapability(hash: string): Promise<RunRow | undefined> {
    const text = `${RUN} where capability_hash = $1 and capability_expires_at > clock_timestamp()`;
    return (await rows<RunRow>(pool, { name: "run by capability", text, values: [hash] }))[0];
  },

  /** Hands a run to a workflow run attempt, once each; a later attempt of the same workflow run takes it over and the earlier bearer ends. */
  async claimRun({
    runId,
    workflowRunId,
    attempt,
    url,
    capabilityHash,
    expiresAt,
  }: RunClaim): Promise<"claimed" | "already" | "unknown" | "fenced"> {
    const { outcome } = await row<{ outcome: "claimed" | "already" | "unknown" | "fenced" }>(
      pool,
      "select rig.claim_run($1, $2, $3, $4, $5, $6) as outcome",
      [runId, workflowRunId, attempt, url, capabilityHash, expiresAt],
    );
    return outcome;
  },

  /** Undefined: no such run. */
  async spent(runId: string): Promise<Spent | undefined> {
    return (await rows<Spent>(pool, { name: "spent", text: `select ${SPENT} from rig.spent($1)`, values: [runId] }))[0];
  },

  /** Counts what an answer of the model cost and tells what is spent now. Undefined: no such run. */
  async addUsage(
    runId: string,
    { input, output, cacheRead, cacheWrite, usd }: Tokens & { readonly usd: number },
  ): Promise<Spent | undefined> {
    const [spent] = await rows<Spent>(pool, `select ${SPENT} from rig.add_usage($1, $2, $3, $4, $5, $6)`, [
      runId,
      input,
      output,
      cacheRead,
      cacheWrite,
      usd,
    ]);
    return spent;
  },

  /** A sign of life: the run was seen now, and its agent says how it is. */
  async seen(runId: string, { agentId, status, progress }: EventData<"HEARTBEAT">): Promise<void> {
    await rows(pool, "select rig.seen($1, $2, $3, $4)", [runId, agentId, status, jsonText(progress)]);
  },

  /** Notes that the publish job got its token, and which bearer it reports with until when; the work job's bearer ends. False: the run was never claimed or is fenced, and gets none. */
  async grantPublish(runId: string, capabilityHash: string, expiresAt: Date): Promise<boolean> {
    const granted = await rows(
      pool,
      `update rig.runs set publish_granted_at = coalesce(publish_granted_at, clock_timestamp()), capability_hash = $2, capability_expires_at = $3
       where run_id = $1 and not fenced and claimed_by is not null returning 1`,
      [runId, capabilityHash, expiresAt],
    );
    return granted.length > 0;
  },

  agents: (repositoryId?: number): Promise<AgentRow[]> =>
    rows<AgentRow>(
      pool,
      `select repository_id::float8 as "repositoryId", agent_id as "agentId", status, run_id as "runId", progress, seen_at as "seenAt"
       from rig.agents where $1::bigint is null or repository_id = $1 order by repository_id, agent_id`,
      [repositoryId ?? null],
    ),
});
