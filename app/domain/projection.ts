/** What the tables show of an issue: one document a stream, computed from its history alone. */
import type { Subject } from "./ids.ts";
import type { Issue } from "./issue.ts";
import { isReady, liveRun, occupiesSlot, stateOf } from "./state.ts";

export interface IssueProjection {
  readonly issue: {
    readonly stream: string;
    readonly installation_id: number;
    readonly repository_id: number;
    readonly owner: string;
    readonly repo: string;
    readonly number: number;
    readonly kind: "issue" | "pull_request" | "round";
    readonly title: string;
    readonly state: string;
    readonly priority: string;
    readonly approved_at: string | null;
    readonly attempts: number;
    readonly strikes: number;
    readonly branch: string | null;
    readonly pr_number: number | null;
    readonly head_sha: string | null;
    readonly merge_sha: string | null;
    readonly usd: number;
    readonly why: string;
    readonly ready: boolean;
    readonly set_aside: boolean;
    readonly waiting_on: readonly string[];
    readonly milestone: string | null;
    readonly avoids: string | null;
  };
  /** The agent instance this issue takes up, or null. */
  readonly assignment: { readonly agent_id: string; readonly since: string } | null;
  readonly runs: readonly {
    readonly run_id: string;
    readonly agent: string;
    readonly agent_id: string;
    readonly kind: string;
    readonly attempt: number;
    readonly base_sha: string;
    readonly requested_at: string;
    readonly starved_at: string | null;
    readonly started_at: string | null;
    readonly finished_at: string | null;
    readonly outcome: string | null;
    readonly fenced: boolean;
  }[];
  readonly gates: readonly {
    readonly gate: string;
    readonly head_sha: string;
    readonly state: string;
    readonly since: string;
    readonly approvers: readonly string[];
    readonly decided_by: string | null;
  }[];
}

/** `why` is the sentence the people see; it is stored so that lists need not fold every history. */
export const project = (subject: Subject, issue: Issue, why: string): IssueProjection => ({
  issue: {
    stream: subject.stream,
    installation_id: subject.installationId,
    repository_id: subject.repositoryId,
    owner: subject.owner,
    repo: subject.repo,
    number: subject.number,
    kind: issue.round ? "round" : issue.watched ? "pull_request" : "issue",
    title: (issue.approval ?? issue.watched ?? issue.round)?.title ?? "",
    state: stateOf(issue),
    priority: issue.priority,
    approved_at: issue.approval?.at.toISOString() ?? null,
    attempts: issue.attempts,
    strikes: issue.strikes,
    branch: issue.assignment?.branch ?? issue.setAside?.branch ?? issue.pullRequest?.branch ?? null,
    pr_number: issue.pullRequest?.number ?? null,
    head_sha: issue.pullRequest?.headSha ?? null,
    merge_sha: issue.merged?.mergeSha ?? null,
    usd: issue.usd,
    why,
    ready: isReady(issue),
    // What is broken out there comes before what is new, as what was interrupted does.
    set_aside: issue.setAside !== undefined || issue.broken !== undefined,
    waiting_on: issue.waiting?.on ?? [],
    milestone: issue.approval?.milestone ?? null,
    avoids: issue.setAside ? null : (issue.failure?.agentId ?? null),
  },
  assignment:
    issue.assignment && occupiesSlot(issue) ? { agent_id: issue.assignment.agentId, since: issue.assignment.since.toISOString() } : null,
  runs: issue.runs.map((run) => ({
    run_id: run.runId,
    agent: run.agent,
    agent_id: run.agentId,
    kind: run.kind,
    attempt: run.attempt,
    base_sha: run.baseSha,
    requested_at: run.requestedAt.toISOString(),
    starved_at: (run === liveRun(issue) && !run.startedAt && run.starvedAt?.toISOString()) || null,
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finished?.at.toISOString() ?? null,
    outcome: run.finished?.outcome ?? null,
    fenced: run.fenced,
  })),
  gates: issue.gates.map((gate) => ({
    gate: gate.name,
    head_sha: gate.headSha,
    state: gate.state,
    since: gate.since.toISOString(),
    approvers: gate.approvers,
    decided_by: gate.by ?? null,
  })),
});
