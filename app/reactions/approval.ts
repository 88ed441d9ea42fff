import { AUTO_READY } from "../domain/incident.ts";
import type { Reaction } from "./reaction.ts";

/** Who hands an issue over by a command or a workflow sees the label that others would have set. */
export const showLabel: Reaction<"ISSUE_APPROVED"> = ({ actId, approvedBy }, { policy }) =>
  /^\d+$/.test(actId) || approvedBy === AUTO_READY ? [] : [{ kind: "ADD_LABEL", data: { label: policy.trigger.label } }];

/** A person decided that it is not to be done. */
export const closeIssue: Reaction<"ESCALATION_RESOLVED"> = ({ decision }) =>
  decision === "close" ? [{ kind: "CLOSE_ISSUE", data: { reason: "not_planned" } }] : [];
