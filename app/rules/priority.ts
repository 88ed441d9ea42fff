import { priorityOf } from "./admission.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** Priority follows the labels for as long as the issue is open. */
export const priority: Rule = ({ issue, seen, policy }) => {
  if (!issue.approval || issue.merged) return nothing;
  const to = priorityOf(seen.issue.labels, policy);
  return to === issue.priority ? nothing : say({ type: "PRIORITY_CHANGED", data: { from: issue.priority, to, by: "unknown" } });
};
