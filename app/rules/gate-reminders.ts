import { openGates } from "../domain/issue.ts";
import { nothing, type Rule, say } from "./rule.ts";

const MINUTE_MS = 60_000;

/** A waiting gate is remembered every half hour, and becomes the CTO's after four. */
export const gateReminders: Rule = ({ issue, policy, now }) => {
  const gate = openGates(issue).find(({ state, escalated }) => state === "waiting" && !escalated);
  const { pullRequest } = issue;
  if (!gate || !pullRequest) return nothing;

  const { every, escalateAfter } = policy.gateReminders;
  const waitedMs = now.getTime() - gate.since.getTime();
  const waitedMinutes = Math.floor(waitedMs / MINUTE_MS);
  if (waitedMs >= escalateAfter) {
    const reason = `The ${gate.name} gate of #${pullRequest.number} has waited ${waitedMinutes} minutes.`;
    return say({
      type: "ESCALATED",
      data: { level: "cto", about: "gate", reason, attempts: issue.attempts, options: ["approve", "reject"] },
    });
  }
  // After a long silence one reminder is said, not all that were missed.
  const due = Math.floor(waitedMs / every);
  if (due > gate.reminders)
    return say({ type: "HUMAN_GATE_REMINDER", data: { prNumber: pullRequest.number, gate: gate.name, waitedMinutes, nth: due } });
  return { events: [], wakeAt: new Date(gate.since.getTime() + Math.min(every * (due + 1), escalateAfter)) };
};
