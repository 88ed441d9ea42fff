import { lookAgain, nothing, type Rule, say } from "./rule.ts";

const MINUTE_MS = 60_000;

/** A question that nobody answers is remembered as often as a waiting gate. After a long silence one reminder is said, not all that were missed. */
export const questionReminders: Rule = ({ issue, policy, now }) => {
  const { waiting } = issue;
  if (waiting?.for !== "answer") return nothing;
  const { every } = policy.gateReminders;
  const waitedMs = now.getTime() - waiting.since.getTime();
  const due = Math.floor(waitedMs / every);
  if (due > (waiting.reminders ?? 0))
    return say({ type: "QUESTION_REMINDED", data: { nth: due, waitedMinutes: Math.floor(waitedMs / MINUTE_MS) } });
  return lookAgain(waiting.since, every * (due + 1));
};
