import type { EventData } from "../domain/events.ts";
import type { SeenIssue } from "../domain/seen.ts";
import { nothing, type Rule, say } from "./rule.ts";

const HOLD = "rig:hold";

/** `rig:hold`, a locked conversation and a resting repository stop the Rig from touching an issue until they are gone. */
export const hold: Rule = ({ issue, seen, paused }) => {
  if (!issue.approval || issue.doneAt) return nothing;
  const now = causeOf(seen.issue, paused);
  if (now && !issue.held) return say({ type: "ISSUE_HELD", data: now });
  if (!issue.held?.until || now?.until === issue.held.until) return nothing;
  return say({ type: "ISSUE_RELEASED", data: { by: "unknown", reason: `This is over: ${issue.held.reason}` } });
};

/** How an issue of a resting repository is held. */
export const resting = (because: string): EventData<"ISSUE_HELD"> => ({
  by: "github",
  reason: `The repository rests: ${because}`,
  until: "repository-back",
});

function causeOf({ hold: act, locked }: SeenIssue, paused: string | undefined): EventData<"ISSUE_HELD"> | undefined {
  if (paused) return resting(paused);
  if (act) return { by: act.by, reason: `${act.by} put ${HOLD} on it.`, until: "label-off" };
  return locked ? { by: "unknown", reason: "The conversation is locked.", until: "unlocked" } : undefined;
}
