import type { PrNumber } from "../domain/ids.ts";
import type { Gate } from "../domain/issue-parts.ts";
import type { Policy } from "../domain/policy.ts";
import { openGates } from "../domain/state.ts";
import { type Conclusion, nothing, type Rule, say } from "./rule.ts";

const MINUTE_MS = 60_000;

/** A waiting gate is remembered every half hour, and becomes the CTO's after four. */
export const gateReminders: Rule = ({ issue, policy, now }) => {
  const { pullRequest } = issue;
  const waiting = openGates(issue).filter(({ state, escalated }) => state === "waiting" && !escalated);
  if (!pullRequest || issue.held) return nothing;
  const told = waiting.map((gate) => remindOf(gate, pullRequest.number, issue.attempts, policy.gateReminders, now));
  const said = told.find(({ events }) => events.length > 0);
  if (said) return said;
  const next = told.flatMap(({ wakeAt }) => wakeAt ?? []).toSorted((a, b) => a.getTime() - b.getTime())[0];
  return next ? { events: [], wakeAt: next } : nothing;
};

function remindOf(gate: Gate, number: PrNumber, attempts: number, reminders: Policy["gateReminders"], now: Date): Conclusion {
  const { every, escalateAfter } = reminders;
  const waitedMs = now.getTime() - gate.since.getTime();
  const waitedMinutes = Math.floor(waitedMs / MINUTE_MS);
  if (waitedMs >= escalateAfter) {
    const reason = `The ${gate.name} gate of #${number} has waited ${waitedMinutes} minutes.`;
    return say({
      type: "ESCALATED",
      data: { level: "cto", about: "gate", reason, attempts, options: ["approve", "reject"] },
    });
  }
  // After a long silence one reminder is said, not all that were missed.
  const due = Math.floor(waitedMs / every);
  if (due > gate.reminders)
    return say({ type: "HUMAN_GATE_REMINDER", data: { prNumber: number, gate: gate.name, waitedMinutes, nth: due } });
  return { events: [], wakeAt: new Date(gate.since.getTime() + Math.min(every * (due + 1), escalateAfter)) };
}
