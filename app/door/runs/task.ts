/** The answer to a claim, out of what is written down: the frozen text, the request, the policy. */
import { Task } from "../../../agents/runtime/task.ts";
import type { EventData } from "../../domain/events.ts";
import { incidentStream, type RunId, type StreamId, type Subject } from "../../domain/ids.ts";
import { incidentOf } from "../../domain/incident.ts";
import type { Issue } from "../../domain/issue.ts";
import { left } from "../gateway/budgets.ts";
import { Problem } from "../problem.ts";
import { answersOf } from "./answers.ts";
import { withLogs } from "./check-logs.ts";
import type { Desk } from "./desk.ts";
import type { Place } from "./identity.ts";
import { lessonsFor } from "./lessons.ts";
import { forReviewer } from "./reviewed.ts";

export type RunRequest = EventData<"RUN_REQUESTED">;

/** What the Conductor asked of this run. */
export async function requestOf(desk: Desk, stream: StreamId, runId: RunId): Promise<RunRequest> {
  const history = await desk.store.readStream(stream);
  for (const event of history.toReversed()) {
    if (event.type === "RUN_REQUESTED" && event.data.runId === runId) return event.data;
  }
  throw new Problem(404, `${stream} never asked for the run ${runId}.`);
}

export interface Claim {
  readonly subject: Subject;
  readonly place: Place;
  readonly runId: RunId;
  readonly capability: string;
  readonly character: Task["character"];
}

/** When the capability of a run ends that starts now: its wall time and a quarter of an hour around it. */
const AROUND = 15;

const LONGEST_BEAT_MS = 30_000;
const MOST_WORDS = 4_000;

export async function buildTask(desk: Desk, { subject, place, runId, capability, character }: Claim): Promise<Task> {
  const [issue, request, policy, spent] = await Promise.all([
    desk.issueOf(subject.stream),
    requestOf(desk, subject.stream, runId),
    desk.policyOf(subject.repositoryId),
    desk.store.spent(runId),
  ]);
  const { title, text } = toldTo(issue, request, subject);
  const minutes = Math.min(policy.limits.minutesPerRun, character.limits.minutes);
  const usd = Math.min(policy.limits.usdPerRun, character.limits.usd);
  return Task.parse({
    runId,
    agent: request.agent,
    agentId: request.agentId,
    kind: request.kind,
    attempt: request.attempt,
    repository: place,
    issue: { number: issue.round ? await incidentIssue(desk, issue.round) : subject.number, title, text },
    ...(issue.pullRequest && { pullRequest: { number: issue.pullRequest.number, headSha: issue.pullRequest.headSha } }),
    findings: await withLogs(desk, subject, request),
    answers: answersOf(issue),
    lessons: await lessonsFor(desk, subject.repositoryId, { kind: request.kind, most: character.memory.lessons }),
    checks: [],
    ...before(issue, request),
    ...forReviewer(issue, request),
    ...(await resume(desk, request)),
    baseSha: request.baseSha,
    branch: issue.round ? STANDS_ON : request.branch,
    character,
    limits: {
      turns: Math.min(policy.limits.turnsPerRun, character.limits.turns),
      minutes,
      usd: spent ? Math.max(usd, left({ issue, spent })) : usd,
    },
    heartbeatMs: Math.min(LONGEST_BEAT_MS, policy.timeouts.heartbeat / 4),
    // Half of what the run gets to keep its work is for the command under way, half for keeping it.
    checkpointMs: policy.timeouts.checkpoint / 2,
    stack: policy.stack,
    gateway: `${desk.publicUrl}/llm`,
    capability,
    expiresAt: new Date(desk.now().getTime() + (minutes + AROUND) * 60_000).toISOString(),
  });
}

/** R3: what is to be done, as a person approved it. Of a person's own pull request its title as it was recorded, and no word of its author beyond that. */
function toldTo(
  { approval, watched, round }: Issue,
  { kind }: RunRequest,
  { stream }: Subject,
): { readonly title: string; readonly text: string } {
  if (round) return { title: round.title, text: round.brief };
  if (watched && kind === "review") {
    const text = `This pull request is a person's, and no issue says what it is for. It is to be merged into ${watched.base}: compare it with origin/${watched.base}. Judge the change by itself.`;
    return { title: watched.title, text };
  }
  if (!approval) throw new Problem(409, `${stream} is no longer approved: nothing is to be done.`);
  if (approval.stale) throw new Problem(409, `The text of ${stream} changed after it was approved: a person has to approve it again.`);
  return { title: approval.title, text: approval.body };
}

/** A checkout has to stand on some branch; that of a round is only there. */
const STANDS_ON = "rig-round";

/** The number of the issue that was filed of what a round is about; 0: there is none. */
async function incidentIssue(desk: Desk, { incident }: NonNullable<Issue["round"]>): Promise<number> {
  return incident === undefined ? 0 : (incidentOf(await desk.store.readStream(incidentStream(incident)))?.issue?.number ?? 0);
}

/** Why the attempt before failed, for whoever tries anew. */
function before({ failure }: Issue, { kind, attempt }: RunRequest): Pick<Task, "before"> {
  if (!failure || (kind !== "implement" && kind !== "fix-smoke") || failure.attempt >= attempt) return {};
  const { agentId, reason, summary } = failure;
  const said = summary === undefined ? {} : { summary: summary.slice(0, MOST_WORDS) };
  return { before: { attempt: failure.attempt, agentId, reason: reason.slice(0, MOST_WORDS), ...said } };
}

/** The work in progress that an earlier run left at the same base. */
async function resume(desk: Desk, { resumes, baseSha }: RunRequest): Promise<Pick<Task, "resume">> {
  const kept = resumes && (await desk.store.checkpoint(resumes));
  if (!kept || kept.size === 0 || kept.baseSha !== baseSha) return {};
  return { resume: { sha: kept.sha, url: `${desk.publicUrl}/api/runs/${kept.runId}/checkpoint` } };
}
