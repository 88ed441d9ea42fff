/** A door with the API on a database of its own, and histories of some issues in it. */
import { createHash, randomUUID } from "node:crypto";
import type { Backtest } from "../../app/backtest.ts";
import type { EventData, Priority } from "../../app/domain/events.ts";
import { AgentId, type IssueNumber, PrNumber, type RepositoryId, RunId, type Subject } from "../../app/domain/ids.ts";
import type { Speak } from "../../app/speak.ts";
import { createWeb } from "../../app/web/web.ts";
import { agentOf, baseSha, headSha, place, type Stand, startStand, subjectOf } from "../door/stand.ts";

const token = "a-token-of-annas";

/** What a bearer of Anna's token sends. */
export const anna = { authorization: `Bearer ${token}` };
/** As if from another machine. */
export const far = { "x-forwarded-for": "203.0.113.9" };
/** So much later than it is does the API believe it to be. */
export const LATER_MINUTES = 12;

const nobodySpeaks: Speak = () => Promise.reject(new Error("Nobody speaks here."));

const nobodyLooksBack: Backtest = () => Promise.reject(new Error("Nobody looks back here."));

export async function openShop(speak: Speak = nobodySpeaks, backtest: Backtest = nobodyLooksBack) {
  let web: ReturnType<typeof createWeb> | undefined;
  const stand = await startStand({
    more: (store) => {
      web = createWeb({
        store,
        tokens: [{ name: "anna", sha256: createHash("sha256").update(token).digest("hex") }],
        githubUrl: "https://github.example",
        speak,
        backtest,
        paused: false,
        now: () => new Date(Date.now() + LATER_MINUTES * 60_000),
      });
      return [web.routes];
    },
  });
  await stand.store.upsertRepository(place);
  return {
    ...stand,
    async close() {
      await web?.close();
      await stand.close();
    },
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
type Teller = Pick<Stand, "history">;

export const jam = { ...place, id: 7002, name: "jam" };

/** An issue of the other repository. */
export const inJam = (number: number): Subject => ({
  ...subjectOf(number),
  stream: `octo/jam#${number}` as Subject["stream"],
  repositoryId: jam.id as RepositoryId,
  repo: jam.name,
  number: number as IssueNumber,
});

export const approve = ({ history }: Teller, subject: Subject, priority: Priority = "normal", title = "Brew tea") =>
  history.record(
    subject,
    [{ type: "ISSUE_APPROVED", data: { title, body: "b", bodyHash: "h", priority, dependsOn: [], approvedBy: "anna", actId: "1" } }],
    "test",
  );

/** An agent has the issue and was asked for a run, which has begun where `started` says so. */
export async function assign({ history }: Teller, number: number, started: boolean): Promise<RunId> {
  const runId = RunId.parse(randomUUID());
  const agentId = agentOf(number);
  const branch = `rig/${number}-tea-1`;
  await history.record(
    subjectOf(number),
    [
      { type: "ISSUE_ASSIGNED", data: { agentId, attempt: 1, branch, runId } },
      { type: "RUN_REQUESTED", data: { runId, agent: "dev-e", agentId, kind: "implement", attempt: 1, branch, baseSha, findings: [] } },
      ...(started ? [{ type: "WORK_STARTED" as const, data: { agentId, runId, workflowRunUrl: "https://github.example/runs/1" } }] : []),
    ],
    "test",
  );
  return runId;
}

/** Its pull request waits for a person. */
export const raiseGate = ({ history }: Teller, number: number, runId: RunId) =>
  history.record(
    subjectOf(number),
    [
      { type: "RUN_FINISHED", data: finished(runId) },
      {
        type: "PR_CREATED",
        data: { prNumber: PrNumber.parse(77), prUrl: "https://github.example/octo/tea/pull/77", branch: `rig/${number}-tea-1`, headSha },
      },
      {
        type: "HUMAN_GATE_TRIGGERED",
        data: {
          prNumber: PrNumber.parse(77),
          headSha,
          gate: "auth",
          evidence: [{ path: "src/login.ts", because: "it signs people in" }],
          approvers: ["maria"],
        },
      },
    ],
    "test",
  );

const finished = (runId: RunId): EventData<"RUN_FINISHED"> => ({
  runId,
  outcome: "patch",
  usd: 0.5,
  tokens: { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 },
  turns: 3,
  minutes: 2,
});

export const agentId = AgentId.parse;
