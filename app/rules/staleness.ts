import { liveRun } from "../domain/state.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** R3: whoever changes the text after the approval, the approval no longer covers it. Compared with the API's text, so a lost webhook changes nothing. */
export const staleness: Rule = ({ issue, seen }) => {
  const { approval, assignment } = issue;
  if (!approval || issue.merged || seen.issue.gone) return nothing;
  const { bodyHash, edited } = seen.issue;
  if (!approval.stale)
    return bodyHash === approval.bodyHash
      ? nothing
      : say({ type: "APPROVAL_STALE", data: { changedBy: edited?.by ?? "unknown", newHash: bodyHash } });
  // What has begun may finish its branch; after that, or where nothing has begun, the agent is free for others.
  if (!assignment || liveRun(issue)?.startedAt) return nothing;
  const { agentId, runId } = assignment;
  return say({ type: "ISSUE_UNASSIGNED", data: { agentId, runId, cause: "human", reason: "The text changed after it was approved." } });
};
