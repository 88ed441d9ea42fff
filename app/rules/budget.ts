import { liveRun } from "../domain/state.ts";
import { lookAgain, nothing, passed, type Rule, say } from "./rule.ts";

const DAY_MS = 86_400_000;

/** An issue without a budget gives its agent back and waits: for a person, or for the next day where the day's budget was spent. */
export const budget: Rule = ({ issue, policy, now }) => {
  const { waiting, assignment } = issue;
  if (waiting?.for !== "budget") return nothing;
  const run = liveRun(issue);
  // The agent keeps its work as soon as the gateway says no to it.
  if (run && !run.checkpoint && !passed(waiting.since, policy.timeouts.checkpoint, now))
    return lookAgain(waiting.since, policy.timeouts.checkpoint);
  if (assignment) {
    const runId = run?.runId ?? issue.runs.at(-1)?.runId ?? assignment.runId;
    return say({ type: "ISSUE_UNASSIGNED", data: { agentId: assignment.agentId, runId, cause: "preempted", reason: waiting.reason } });
  }
  if (waiting.scope !== "day") return nothing;
  const tomorrow = new Date((Math.floor(waiting.since.getTime() / DAY_MS) + 1) * DAY_MS);
  if (now < tomorrow) return { events: [], wakeAt: tomorrow };
  return say({ type: "ISSUE_RESUMED", data: { for: "budget", reason: "A new day has its own budget." } });
};
