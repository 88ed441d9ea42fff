import { nothing, type Rule, say } from "./rule.ts";

/** Taking the label off, or closing the issue, takes the work back. A merged issue is past that. */
export const withdrawal: Rule = ({ issue, seen, policy }) => {
  if (!issue.approval || issue.merged || seen.pullRequest?.state === "merged") return nothing;
  const by = seen.issue.withdrawn?.by ?? "unknown";
  if (!seen.issue.open) return say({ type: "ISSUE_WITHDRAWN", data: { by, reason: `${by} closed the issue.` } });
  if (!seen.issue.trigger)
    return say({ type: "ISSUE_WITHDRAWN", data: { by, reason: `${by} took the ${policy.trigger.label} label off.` } });
  return nothing;
};
