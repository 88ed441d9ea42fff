import type { Issue } from "../domain/issue.ts";
import { type Conclusion, nothing, passed, type Rule, say } from "./rule.ts";

/** A run that says it is stuck gets this long to finish its report. */
const LAST_WORDS_MS = 60_000;

/** A stuck run costs its agent the issue; strikes and lost runners are counted apart, and both are bounded. */
export const strikes: Rule = ({ issue, seen, policy, now }) => {
  const run = issue.runs.at(-1);
  if (run?.stuck && !run.fenced && issue.assignment && run.kind !== "review") {
    const lastWordsBy = new Date(run.stuck.at.getTime() + LAST_WORDS_MS);
    const speaks = !passed(run.lastSeenAt ?? run.requestedAt, policy.timeouts.heartbeat, now);
    if (run.stuck.cause === "agent" && speaks && !run.finished && seen.run?.status !== "completed" && now < lastWordsBy)
      return { events: [], wakeAt: lastWordsBy };
    return say({
      type: "ISSUE_UNASSIGNED",
      data: { agentId: issue.assignment.agentId, runId: run.runId, cause: run.stuck.cause, reason: run.stuck.reason },
    });
  }
  if (run?.stuck?.cause === "human" && !issue.assignment && !issue.held && !decided(issue, run.stuck.at))
    return say({ type: "ISSUE_HELD", data: { by: "a person", reason: run.stuck.reason } });
  if (issue.strikes >= policy.strikes + issue.grants) return escalate("strikes", `${issue.strikes} attempts failed`, issue);
  if (issue.infraFailures > policy.limits.infraRetries) return escalate("runner", `Runs were lost ${issue.infraFailures} times`, issue);
  return nothing;
};

const decided = ({ decidedAt }: Issue, since: Date): boolean => decidedAt !== undefined && decidedAt > since;

const escalate = (about: "strikes" | "runner", what: string, { runs, attempts }: Issue): Conclusion => {
  const last = runs.findLast(({ stuck }) => stuck)?.stuck?.reason ?? "unknown";
  return say({
    type: "ESCALATED",
    data: { level: "cto", about, reason: `${what}. Last: ${last}`, attempts, options: ["retry", "reassign", "override", "close"] },
  });
};
