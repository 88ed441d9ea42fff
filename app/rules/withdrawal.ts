import { closedSinceMerge } from "./reopening.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** Taking the label off takes the work back, and so does closing, deleting or moving the issue. A merged issue is past that. */
export const withdrawal: Rule = (scene) => {
  const { issue, seen, policy } = scene;
  const { approval } = issue;
  if (!approval || issue.merged || seen.pullRequest?.state === "merged") return nothing;
  const { gone, open, withdrawn, trigger } = seen.issue;
  const by = withdrawn?.by ?? "unknown";
  if (gone)
    return say({
      type: "ISSUE_WITHDRAWN",
      data: {
        by,
        reason:
          gone === "deleted"
            ? "The issue was deleted."
            : "The issue was moved to another repository, where it needs an approval of its own.",
      },
    });
  if (!open && !closedSinceMerge(scene)) return nothing;
  if (!open) return say({ type: "ISSUE_WITHDRAWN", data: { by, reason: `${by} closed the issue.` } });
  if (trigger) return nothing;
  // Who started it by a command or a workflow is shown a label, which has not arrived before it can be taken off.
  const byLabel = /^\d+$/.test(approval.actId);
  if (!byLabel && !(withdrawn && withdrawn.at > approval.at)) return nothing;
  return say({ type: "ISSUE_WITHDRAWN", data: { by, reason: `${by} took the ${policy.trigger.label} label off.` } });
};
