import { nothing, type Rule, say } from "./rule.ts";

/** R3: whoever changes the text after the approval, the approval no longer covers it. Compared with the API's text, so a lost webhook changes nothing. */
export const staleness: Rule = ({ issue, seen }) => {
  if (!issue.approval || issue.approval.stale || issue.merged || seen.issue.bodyHash === issue.approval.bodyHash) return nothing;
  return say({ type: "APPROVAL_STALE", data: { changedBy: "unknown", newHash: seen.issue.bodyHash } });
};
