import type { SeenIssue } from "../domain/seen.ts";
import { nothing, type Rule, say } from "./rule.ts";

const HOLD = "rig:hold";

/** What holds an issue for as long as it lasts, by the words that its event says. */
const causes = {
  label: `put ${HOLD} on it`,
  locked: "The conversation is locked",
  paused: "The repository rests",
} as const;

const lasting: readonly string[] = Object.values(causes);

/** `rig:hold`, a locked conversation and a resting repository stop the Rig from touching an issue until they are gone. */
export const hold: Rule = ({ issue, seen, paused }) => {
  if (!issue.approval || issue.doneAt) return nothing;
  const now = causeOf(seen.issue, paused);
  if (now && !issue.held) return say({ type: "ISSUE_HELD", data: now });
  if (!now && issue.held && lasting.some((words) => issue.held?.reason.includes(words)))
    return say({ type: "ISSUE_RELEASED", data: { by: "unknown", reason: `This is over: ${issue.held.reason}` } });
  return nothing;
};

function causeOf(
  { hold: act, locked }: SeenIssue,
  paused: string | undefined,
): { readonly by: string; readonly reason: string } | undefined {
  if (paused) return { by: "github", reason: `${causes.paused}: ${paused}` };
  if (act) return { by: act.by, reason: `${act.by} ${causes.label}.` };
  return locked ? { by: "unknown", reason: `${causes.locked}.` } : undefined;
}
