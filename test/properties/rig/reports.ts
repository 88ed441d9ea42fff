/** What agents tell the Rig, as its door takes it: through the corridor, and only while the run is not superseded. */
import type { Conductor } from "../../../app/conductor.ts";
import type { Said } from "../../../app/domain/envelope.ts";
import type { BudgetScope, EventData, RunKind } from "../../../app/domain/events.ts";
import { AgentId, RunId, Sha } from "../../../app/domain/ids.ts";
import type { Issue } from "../../../app/domain/issue.ts";
import { runOf } from "../../../app/domain/state.ts";
import type { Store } from "../../../app/store/store.ts";
import { historyOf, type Recording, sync } from "../../../app/sync.ts";
import type { WorkflowRun } from "../github/state.ts";

export interface Asked {
  readonly kind: RunKind;
  readonly branch: string;
  readonly baseSha: string;
  readonly issue: number;
}

export type Reports = ReturnType<typeof createReports>;

/** What the door keeps of a run beside its history. */
export interface Desk {
  readonly store: Pick<Store, "issueByRun" | "readStream">;
  /** False: another workflow run has it. */
  readonly hold: (runId: string, workflowRunId: number) => Promise<boolean>;
  readonly seen: (runId: string) => Promise<void>;
}

type Insisting = <T>(say: () => Promise<T>) => Promise<T>;

const TRIES = 5;
/** The history keeps a heartbeat a minute. */
const THINNED_TO_MS = 60_000;

/** Whoever reports says it again where the door does not answer. */
const again: Insisting = async (say) => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await say();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
};

export function createReports(conductor: Conductor, desk: Desk, insisting: Insisting = again) {
  const { store } = desk;
  const subjectOf = async (runId: string) => {
    const subject = await store.issueByRun(runId);
    if (!subject) throw new Error(`There is no run ${runId}.`);
    return subject;
  };
  const issueOf = async (runId: string): Promise<Issue> => (await historyOf(store, (await subjectOf(runId)).stream)).issue;
  const agentOf = async (runId: string): Promise<AgentId> => runOf(await issueOf(runId), runId)?.agentId ?? AgentId.parse("nobody");

  const record = (runId: string, cause: string, event: Said): Promise<Recording> =>
    insisting(async () => sync(conductor, await subjectOf(runId), cause, [event]));

  async function say(runId: string, event: Said): Promise<Recording> {
    const by = { actor: { kind: "agent" as const, login: await agentOf(runId), id: 0 } };
    return record(runId, runId, { ...event, ...by } as Said);
  }

  return {
    say,
    id: (runId: string) => RunId.parse(runId),
    sha: (sha: string) => Sha.parse(sha),

    /** What a run was asked for. */
    async asked(runId: string): Promise<Asked | undefined> {
      const subject = await subjectOf(runId);
      const requested = (await store.readStream(subject.stream)).find(
        (event) => event.type === "RUN_REQUESTED" && event.data.runId === runId,
      );
      if (requested?.type !== "RUN_REQUESTED") return undefined;
      const { kind, branch, baseSha } = requested.data;
      return { kind, branch, baseSha, issue: subject.number };
    },

    /** False: the run is superseded, or another workflow run has it. Asked again after a lost answer, it goes on where it was. */
    claim: (runId: string, { id }: WorkflowRun): Promise<boolean> =>
      insisting(async () => {
        const run = runOf(await issueOf(runId), runId);
        if (!run || run.fenced || run.finished) return false;
        const data = { agentId: run.agentId, runId: run.runId, workflowRunUrl: `https://github.example/runs/${id}` };
        const actor = { kind: "agent" as const, login: run.agentId, id: 0 };
        const started = { type: "WORK_STARTED" as const, data, actor };
        if (!run.startedAt && (await sync(conductor, await subjectOf(runId), runId, [started])).result === "rejected") return false;
        return desk.hold(runId, id);
      }),

    async beat(runId: string, treeSha: string): Promise<{ readonly stop: boolean }> {
      await desk.seen(runId);
      const agentId = await agentOf(runId);
      const progress = { turns: 1, toolCalls: 1, treeSha, testRuns: 0 };
      const beat: Said = { type: "HEARTBEAT", data: { agentId, status: "working", runId: RunId.parse(runId), progress } };
      await insisting(async () =>
        sync(conductor, await subjectOf(runId), runId, ({ issue, now }) => {
          const last = runOf(issue, runId)?.lastSeenAt;
          return last && now.getTime() - last.getTime() < THINNED_TO_MS ? [] : [beat];
        }),
      );
      const run = runOf(await issueOf(runId), runId);
      return { stop: run?.asked !== undefined && !run.checkpoint && !run.finished };
    },

    finished: (runId: string, outcome: EventData<"RUN_FINISHED">["outcome"]) =>
      say(runId, {
        type: "RUN_FINISHED",
        data: {
          ...{ runId: RunId.parse(runId), outcome, usd: 0.5, turns: 3, minutes: 2 },
          tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
        },
      }),

    stuck: async (runId: string, reason: string) => {
      const run = runOf(await issueOf(runId), runId);
      const data = { agentId: await agentOf(runId), runId: RunId.parse(runId), attempt: run?.attempt ?? 1, cause: "agent" as const };
      return say(runId, { type: "AGENT_STUCK", data: { ...data, reason, fingerprint: reason } });
    },

    spent: async (runId: string, scope: BudgetScope) =>
      record(runId, `gateway:${runId}`, { type: "BUDGET_EXCEEDED", data: { scope, unit: "usd", limit: 15, spent: 15.2 } }),

    /** The publish job gets its token only while the run counts. */
    mayPublish: async (runId: string): Promise<boolean> => {
      const run = runOf(await issueOf(runId), runId);
      return run !== undefined && !run.fenced;
    },
  };
}
