/** The store in memory: the functions that the corridor calls, with the meaning that their SQL has; any other is an error. */
import type { EffectOutcome } from "../../../app/domain/commands.ts";
import type { Recorded } from "../../../app/domain/envelope.ts";
import { parseEvent } from "../../../app/domain/events.ts";
import { BOARD, eventId, type Place, RepositoryId, repositoryStream } from "../../../app/domain/ids.ts";
import type { IssueProjection } from "../../../app/domain/projection.ts";
import { textHash } from "../../../app/domain/text.ts";
import type { AppendRequest, AppendResult } from "../../../app/store/append.ts";
import type { Settlement, Shown } from "../../../app/store/effects.ts";
import type { AssignmentRow, IssueRow } from "../../../app/store/issues.ts";
import type { Repository } from "../../../app/store/repositories.ts";
import type { RunRow } from "../../../app/store/runs.ts";
import type { Store } from "../../../app/store/store.ts";
import { strict } from "../github/errors.ts";
import type { GitHub } from "../github/state.ts";
import { createEffects } from "./effects.ts";
import { createJobs } from "./jobs.ts";
import type { Desk } from "./reports.ts";

/** What a run's row knows beyond its history. */
interface Live {
  workflowRunId?: number;
  lastSeenAt?: Date;
  claimed?: boolean;
}

export type MemoryStore = ReturnType<typeof createMemoryStore>;

/** What was in the queue, and who worked, just before an append. */
export interface Before {
  readonly queue: readonly IssueRow[];
  readonly taken: readonly AssignmentRow[];
}

export function createMemoryStore(
  { place, now, filed }: Pick<GitHub, "place" | "now" | "filed">,
  appended: (request: AppendRequest, before: Before) => void,
) {
  const jobs = createJobs(now);
  const effects = createEffects(jobs, now);
  const streams = new Map<string, Recorded[]>();
  const facts = new Set<string>();
  const projections = new Map<string, IssueProjection>();
  const surfaces = new Map<string, Shown>();
  const live = new Map<string, Live>();
  let repository: Repository = {
    id: RepositoryId.parse(place.id),
    stream: repositoryStream(place.owner, place.name),
    ...{ owner: place.owner, name: place.name, installationId: place.installationId, defaultBranch: "main", private: true },
    ...{
      policy: null,
      policySha: null,
      policyReadSha: null,
      policyErrors: null,
      pausedBecause: null,
      drift: null,
      readable: true,
      updatedAt: now(),
    },
  };
  const requests: AppendRequest[] = [];
  let position = 0;

  const known = (runId: string): Live => {
    const of = live.get(runId) ?? {};
    live.set(runId, of);
    return of;
  };
  const rows = (): IssueRow[] => [...projections.values()].map((projection) => rowOf(projection)).toSorted(byTurn);
  const taken = (): AssignmentRow[] =>
    rows()
      .flatMap((row) => {
        const held = projections.get(row.stream)?.assignment;
        return held ? [{ ...row, agentId: held.agent_id, since: new Date(held.since) } as unknown as AssignmentRow] : [];
      })
      .toSorted((a, b) => a.since.getTime() - b.since.getTime());
  const find = (test: (row: IssueRow) => boolean) => async () => rows().filter(test);
  const allRuns = () => [...projections.entries()].flatMap(([stream, { runs }]) => runs.map((run) => ({ ...run, stream })));

  async function append(request: AppendRequest): Promise<AppendResult> {
    const { stream, expectedVersion, events, projection, commands = [], jobs: more = [] } = request;
    const history = streams.get(stream) ?? [];
    const keys = events.flatMap(({ dedupeKey }) => dedupeKey ?? []);
    if (keys.some((key) => facts.has(key))) return { result: "duplicate", position };
    if (expectedVersion !== null && expectedVersion !== history.length) return { result: "conflict", version: history.length };
    const holder = [...projections.values()].find(
      ({ issue, assignment }) => issue.stream !== stream && assignment?.agent_id === projection?.assignment?.agent_id && assignment,
    );
    if (holder) return { result: "taken", by: holder.issue.stream };
    for (const { type, data, actor, occurredAt, causationId, correlationId } of events) {
      position += 1;
      const version = history.length + 1;
      history.push({
        ...parseEvent(type, structuredClone(data)),
        ...{ id: eventId(stream, version), stream, version, position, schemaVersion: 1, actor, causationId, correlationId },
        ...{ occurredAt: occurredAt ?? now(), recordedAt: now() },
      } as Recorded);
    }
    streams.set(stream, history);
    for (const key of keys) facts.add(key);
    const before = events.some(({ type }) => type === "ISSUE_ASSIGNED")
      ? { queue: rows().filter(({ state, ready }) => state === "queued" && ready), taken: taken() }
      : { queue: [], taken: [] };
    if (projection) projections.set(stream, projection);
    effects.plan(stream, commands, position);
    jobs.add(more);
    requests.push(request);
    appended(request, before);
    return { result: "accepted", version: history.length, position };
  }

  const functions = {
    append,
    readStream: async (stream: string) => [...(streams.get(stream) ?? [])],
    addJobs: async (requests: Parameters<Store["addJobs"]>[0]) => jobs.add(requests),
    repository: async () => repository,
    savePolicy: async (_: number, sha: string, outcome: { readonly policy?: unknown }) => {
      repository = { ...repository, policyReadSha: sha, ...("policy" in outcome ? { policy: outcome.policy, policySha: sha } : {}) };
    },
    run: async (runId: string) => {
      const run = allRuns().find(({ run_id }) => run_id === runId);
      return run && ({ ...run, runId, startedAt: run.started_at, ...known(runId) } as unknown as RunRow);
    },
    runsToday: async () => {
      const day = now().toISOString().slice(0, 10);
      return allRuns().filter(({ agent, requested_at }) => agent === "dev-e" && requested_at.startsWith(day)).length;
    },
    effectsOf: async (stream: string): Promise<EffectOutcome[]> => effects.outcomesOf(stream),
    claimEffect: effects.claimEffect,
    rememberEffect: effects.rememberEffect,
    putOffEffect: effects.putOffEffect,
    settleEffect: async (key: string, epoch: number, state: "confirmed" | "dead" | "planned" | "sent", settlement: Settlement = {}) => {
      const settled = effects.settle(key, epoch, state, settlement);
      const { surface, run } = settlement;
      if (settled && run) known(run.runId).workflowRunId = run.workflowRunId;
      if (settled && surface) {
        const before = surfaces.get(`${surface.stream} ${surface.surface}`)?.externalId ?? null;
        const shown = { surface: surface.surface, hash: surface.hash, externalId: surface.externalId ?? before, shownAt: now() };
        surfaces.set(`${surface.stream} ${surface.surface}`, shown);
      }
      return settled;
    },
    surfacesOf: async (stream: string) => [...surfaces].filter(([key]) => key.startsWith(`${stream} `)).map(([, shown]) => shown),
    messageOf: async (key: string) => (effects.rows.get(key)?.response as { messageId?: string } | undefined)?.messageId,
    takeWrites: async () => 0,
    placeOf: async (stream: string): Promise<Place | undefined> => {
      if (stream === BOARD) return { stream, owner: "", repo: "" };
      return rows().find((row) => row.stream === stream);
    },
    issueByStream: async (stream: string) => rows().find((row) => row.stream === stream),
    issueByNumber: async (_: number, number: number) => rows().find((row) => row.number === number),
    issuesByPullRequest: (_: number, number: number) => find(({ prNumber }) => prNumber === number)(),
    issuesByBranch: (_: number, name: string) => find(({ branch }) => branch === name)(),
    issuesByHeadSha: (_: number, sha: string) => find(({ headSha }) => headSha === sha)(),
    issuesInState: (_: number, states: readonly string[]) => find(({ state }) => states.includes(state))(),
    // Nothing here is a round, was filed by the Rig, or is reported by Flux.
    lastVerified: async () => undefined,
    openRounds: async () => [],
    proposingRounds: async () => [],
    filedIssue: async (_: number, number: number) => {
      const text = filed.get(number);
      return text && { eventId: eventId(`incident/${number}`, 2), bodyHash: textHash(text.title, text.body) };
    },
    fluxReport: async () => undefined,
    // What its SQL leaves out beyond these has nothing unhealthy to tell of.
    unhealthyIssues: () => find(({ state }) => state !== "done" && state !== "new")(),
    issuesGoingBack: async () => {
      const back = [...streams].filter(([, events]) => {
        const last = events.findLast(({ type }) => type === "ROLLBACK_REQUESTED" || type === "ROLLED_BACK");
        return last?.type === "ROLLBACK_REQUESTED";
      });
      return rows().filter(({ stream }) => back.some(([of]) => of === stream));
    },
    issuesTakenBack: async () => {
      const asked = [...streams].filter(([, events]) => events.some(({ type }) => type === "ROLLBACK_REQUESTED"));
      return rows().filter(({ stream }) => asked.some(([of]) => of === stream));
    },
    followed: () =>
      find(({ kind, state, mergeSha, stream }) => {
        const deployed = streams.get(stream)?.some(({ type }) => type === "DEPLOYED_PRODUCTION");
        return kind === "pull_request" && state === "done" && mergeSha !== null && !deployed;
      })(),
    openIssues: find(({ state }) => state !== "done" && state !== "new"),
    nextReady: async (_: number, most: number) =>
      rows()
        .filter(({ state, ready }) => state === "queued" && ready)
        .slice(0, most),
    issuesWaitingOn: (ref: string) => find(({ waitingOn }) => waitingOn.includes(ref))(),
    runByWorkflowRun: async (_: number, id: number) => {
      const runId = [...live].find(([, { workflowRunId }]) => workflowRunId === id)?.[0];
      return runId === undefined ? undefined : functions.run(runId);
    },
    issueByRun: async (runId: string) => {
      const stream = allRuns().find(({ run_id }) => run_id === runId)?.stream;
      return rows().find((row) => row.stream === stream);
    },
    assignmentsOf: async () => taken(),
  };
  const store = strict("store", functions) as unknown as Store;
  const desk: Desk = {
    store,
    async hold(runId, workflowRunId) {
      const run = known(runId);
      if (run.claimed && run.workflowRunId !== workflowRunId) return false;
      Object.assign(run, { workflowRunId, claimed: true, lastSeenAt: now() });
      return true;
    },
    seen: async (runId) => {
      known(runId).lastSeenAt = now();
    },
  };

  return {
    store,
    ...{ requests, jobs, effects, streams, projections, desk, rows },
    pause: (because: string | null): void => {
      repository = { ...repository, pausedBecause: because };
    },
  };
}

const urgency = ["critical", "high", "normal"];

/** `URGENCY` of app/store/issues.ts. */
const byTurn = (a: IssueRow, b: IssueRow): number =>
  urgency.indexOf(a.priority) - urgency.indexOf(b.priority) ||
  Number(!setAside(a)) - Number(!setAside(b)) ||
  (a.approvedAt?.getTime() ?? 0) - (b.approvedAt?.getTime() ?? 0) ||
  a.number - b.number;

const setAside = (row: IssueRow): boolean => (row as IssueRow & { readonly setAside: boolean }).setAside;

function rowOf({ issue }: IssueProjection): IssueRow {
  return {
    ...{
      stream: issue.stream,
      kind: issue.kind,
      installationId: issue.installation_id,
      repositoryId: issue.repository_id,
      owner: issue.owner,
    },
    ...{ repo: issue.repo, number: issue.number, title: issue.title, state: issue.state, priority: issue.priority },
    ...{ attempts: issue.attempts, strikes: issue.strikes, branch: issue.branch, prNumber: issue.pr_number, headSha: issue.head_sha },
    ...{ mergeSha: issue.merge_sha, usd: issue.usd, why: issue.why, ready: issue.ready, waitingOn: issue.waiting_on },
    ...{ milestone: issue.milestone, avoids: issue.avoids, setAside: issue.set_aside, updatedAt: new Date(0) },
    approvedAt: issue.approved_at ? new Date(issue.approved_at) : null,
  } as unknown as IssueRow;
}
