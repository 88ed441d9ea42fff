import type { gateEvents } from "../events/gates.ts";
import type { Issue } from "../issue.ts";
import type { Gate } from "../issue-parts.ts";
import { openGates } from "../state.ts";
import { type Folds, without } from "./fold.ts";

export const gateFolds: Folds<keyof typeof gateEvents> = {
  HUMAN_GATE_TRIGGERED: (issue, { gate, headSha, evidence, evidenceCount, evidenceHash = "", approvers }, at) => {
    const raised: Gate = {
      ...{ name: gate, headSha, evidence, evidenceHash, approvers },
      evidenceCount: evidenceCount ?? evidence.length,
      ...{ since: at, reminders: 0, escalated: false, state: "waiting" },
    };
    return { ...issue, gates: [...issue.gates.filter(({ name }) => name !== gate), raised] };
  },
  HUMAN_GATE_REMINDER: (issue, { gate, nth }) => changeGate(issue, gate, { reminders: nth }),
  HUMAN_GATE_APPROVED: (issue, { gate: name, by }, at) => {
    const since = issue.gates.find((gate) => gate.name === name)?.since ?? at;
    const approved = changeGate(issue, name, { state: "approved", by, decidedAt: at });
    return settled({ ...approved, humanWaitMinutes: issue.humanWaitMinutes + (at.getTime() - since.getTime()) / 60_000 });
  },
  HUMAN_GATE_REJECTED: (issue, { gate, by }, at) => changeGate(issue, gate, { state: "rejected", by, decidedAt: at }),
  HUMAN_GATE_VOIDED: (issue, { gate }) =>
    settled({ ...issue, gates: issue.gates.filter(({ name }) => name !== gate), voided: voided(issue, gate) }),
};

/** What a gate stood on before, for whoever is asked about the next head. */
const voided = ({ gates, voided: before }: Issue, name: string): Issue["voided"] => {
  const gate = gates.find((one) => one.name === name);
  if (!gate) return before;
  const { headSha, evidenceHash, state, by } = gate;
  return { ...before, [name]: { headSha, evidenceHash, ...(state === "approved" && by ? { approvedBy: by } : {}) } };
};

const changeGate = (issue: Issue, name: string, change: Partial<Gate>): Issue => ({
  ...issue,
  gates: issue.gates.map((gate) => (gate.name === name ? { ...gate, ...change } : gate)),
});

/** An escalation about a gate ends with the last gate it was about. */
const settled = (issue: Issue): Issue =>
  issue.escalation?.about === "gate" && !openGates(issue).some(({ escalated }) => escalated) ? without(issue, "escalation") : issue;
