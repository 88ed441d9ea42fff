import { lookAgain, nothing, passed, type Rule, say } from "./rule.ts";
import { delivered, PUBLISH_MS } from "./runs.ts";

/** A run that was asked to make room has kept its work, or has had its time: the issue goes back to the front of its class, without a strike. */
export const interruption: Rule = ({ issue, seen, policy, now }) => {
  const run = issue.runs.findLast(({ kind }) => kind !== "review");
  if (!run?.asked || run.fenced || run.attempt !== issue.assignment?.attempt) return nothing;
  // Who was done in that moment publishes what it did; the slot is free after that.
  if (run.finished?.outcome === "patch" && !delivered(issue, run) && !passed(run.finished.at, PUBLISH_MS, now))
    return lookAgain(run.finished.at, PUBLISH_MS);
  const ended = run.checkpoint || run.finished || (seen.run?.runId === run.runId && seen.run.status === "completed");
  if (!ended && !passed(run.asked.at, policy.timeouts.checkpoint, now)) return lookAgain(run.asked.at, policy.timeouts.checkpoint);
  const { agentId } = issue.assignment;
  return say({ type: "ISSUE_UNASSIGNED", data: { agentId, runId: run.runId, cause: "preempted", reason: run.asked.reason } });
};
