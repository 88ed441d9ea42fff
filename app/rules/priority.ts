import { priorityOf } from "./admission.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** Priority follows the labels whenever they change, for as long as the issue is open. What was spoken stands until then. */
export const priority: Rule = ({ issue, seen, policy }) => {
  if (!issue.approval || issue.merged || seen.issue.gone) return nothing;
  const to = priorityOf(seen.issue.labels, policy);
  if (to === issue.labelPriority) return nothing;
  const by = seen.issue.prioritizedBy ?? "unknown";
  return say({ type: "PRIORITY_CHANGED", data: { from: issue.priority, to, by, source: "label" } });
};
