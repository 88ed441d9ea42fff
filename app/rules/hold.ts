import { nothing, type Rule, say } from "./rule.ts";

const HOLD = "rig:hold";

/** `rig:hold` stops the Rig from touching an issue until the label is gone. */
export const hold: Rule = ({ issue, seen }) => {
  if (!issue.approval || issue.doneAt) return nothing;
  const act = seen.issue.hold;
  if (act && !issue.held) return say({ type: "ISSUE_HELD", data: { by: act.by, reason: `${act.by} put ${HOLD} on it.` } });
  if (!act && issue.held?.reason.includes(HOLD))
    return say({ type: "ISSUE_RELEASED", data: { by: "unknown", reason: `${HOLD} was taken off.` } });
  return nothing;
};
