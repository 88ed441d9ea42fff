import type { peopleEvents } from "../events/people.ts";
import type { Escalation } from "../issue-parts.ts";
import { type Folds, freshCounters, retriable, setAside, startOver, unchanged, without } from "./fold.ts";

export const peopleFolds: Folds<keyof typeof peopleEvents> = {
  ESCALATED: (issue, { about, level, reason, options }, at) => {
    const known = issue.escalation?.about === about ? issue.escalation : undefined;
    const escalation: Escalation = known
      ? { ...known, level, levelSince: at, reminders: 0 }
      : { nth: issue.escalations + 1, about, level, reason, options, at, levelSince: at, reminders: 0, notified: [] };
    const escalations = escalation.nth;
    if (about !== "gate") return { ...setAside(issue), escalation, escalations };
    return {
      ...issue,
      escalation,
      escalations,
      gates: issue.gates.map((gate) => (gate.state === "waiting" ? { ...gate, escalated: true } : gate)),
    };
  },
  ESCALATION_NOTIFIED: (issue, proof) =>
    issue.escalation ? { ...issue, escalation: { ...issue.escalation, notified: [...issue.escalation.notified, proof] } } : issue,
  ESCALATION_REMINDED: (issue, { nth }) => (issue.escalation ? { ...issue, escalation: { ...issue.escalation, reminders: nth } } : issue),
  ESCALATION_ACKNOWLEDGED: (issue, { by }) =>
    issue.escalation ? { ...issue, escalation: { ...issue.escalation, acknowledgedBy: by } } : issue,
  ESCALATION_RESOLVED: (issue, { decision, by }, at) => {
    // Whoever abstained is asked anew.
    const asked = issue.review?.abstentions ? { review: { ...issue.review, abstentions: [] } } : {};
    const decided = { ...without(issue, "escalation"), decidedAt: at, ...asked };
    switch (decision) {
      case "close":
        return decided;
      case "retry":
      case "reassign": {
        const fresh = { ...decided, ...freshCounters, release: retriable(issue) };
        return decision === "reassign" && !issue.merged ? startOver(fresh) : fresh;
      }
      case "override": {
        const review =
          issue.review?.result === "changes_requested"
            ? { ...issue.review, result: "passed" as const, reviewer: by, findings: [] }
            : issue.review;
        const counters = { ...freshCounters, strikes: issue.strikes, grants: issue.grants + 1 };
        return { ...decided, ...counters, release: retriable(issue), ...(review ? { review } : {}) };
      }
      // What was argued about was no round of anybody's.
      case "overrule":
      case "uphold":
        return { ...decided, idleRuns: 0, reviewRounds: Math.max(0, issue.reviewRounds - 1) };
      default:
        return decision satisfies never;
    }
  },
  COMMAND_RECEIVED: unchanged,
};
