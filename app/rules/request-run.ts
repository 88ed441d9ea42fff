import type { EventData, Finding } from "../domain/events.ts";
import { AgentId, runIdFor } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import { agentOf, instancesOf, producerOf, REVIEWER } from "../domain/producers.ts";
import { resumable } from "../domain/state.ts";
import { type Conclusion, nothing, type Scene, say } from "./rule.ts";

type Wanted = Pick<EventData<"RUN_REQUESTED">, "kind" | "baseSha"> & { readonly findings: readonly Finding[] };

/** A run for the agent that has the issue; it goes on with what an interrupted one left. Loops end here, whoever turns in them. */
export function requestRun(scene: Scene, { kind, baseSha, findings }: Wanted): Conclusion {
  const { subject, issue, version, policy } = scene;
  const { assignment, pullRequest, runs, idleRuns, grants } = issue;
  const reviewing = kind === "review";
  // R3: nobody works on a text that nobody approved, and nobody reviews it. A person's own pull request has none, and is only read.
  const approved = issue.watched ? reviewing : issue.approval && !issue.approval.stale;
  if (!approved || (!assignment && !reviewing)) return nothing;
  const { runsPerIssue, idleRuns: mostIdle } = policy.limits;
  // A review changes nothing by nature: it rides on the run that it reads.
  if (!reviewing && idleRuns >= mostIdle + grants) return bounded(issue, `${idleRuns} runs in a row changed neither a file nor a verdict.`);
  if (runs.length >= runsPerIssue + grants) return bounded(issue, `The issue has used all of its ${runsPerIssue} runs.`);
  // Whoever has the issue goes on with it.
  const agent = reviewing ? REVIEWER : assignment ? agentOf(assignment.agentId) : producerOf(issue, policy);
  if (agent === undefined) return nothing;
  const resumes = resumable(issue, kind, baseSha);
  // The first run of an assignment has the id that the assignment named.
  const first = assignment && !reviewing && !runs.some(({ runId }) => runId === assignment.runId);
  return say({
    type: "RUN_REQUESTED",
    data: {
      runId: first ? assignment.runId : runIdFor(subject.stream, version + 1),
      agent,
      agentId: (!reviewing && assignment?.agentId) || (reviewing && otherReviewer(scene)) || AgentId.parse(agent),
      kind,
      attempt: assignment?.attempt ?? Math.max(1, issue.attempts),
      branch: pullRequest?.branch ?? assignment?.branch ?? "",
      baseSha,
      findings: [...findings],
      ...(pullRequest ? { prNumber: pullRequest.number } : {}),
      ...(resumes ? { resumes } : {}),
    },
  });
}

/** Where one reviewer abstained another instance is asked, if there is one. */
function otherReviewer({ issue: { review }, policy }: Scene): AgentId | undefined {
  return review?.abstentions?.length ? instancesOf(policy, REVIEWER)[1] : undefined;
}

/** The end of a loop: a person decides how it goes on. */
export const bounded = ({ attempts }: Issue, reason: string): Conclusion =>
  say({ type: "ESCALATED", data: { level: "cto", about: "bound", reason, attempts, options: ["retry", "override", "reassign", "close"] } });
