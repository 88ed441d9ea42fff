import type { CommandKind } from "../domain/commands.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** Commands without which an issue cannot go on. A picture or a notice that failed stops nothing. */
const vital: readonly CommandKind[] = ["DISPATCH_RUN", "MERGE", "DEPLOY", "REOPEN_ISSUE", "SMOKE"];

/** A command that GitHub refuses for good becomes a person's. */
export const deadEffects: Rule = ({ issue, effects }) => {
  const last = effects.findLast(({ kind }) => vital.includes(kind));
  if (last?.state !== "dead" || !issue.approval) return nothing;
  // A person who decided since then asks for another try.
  if (last.settledAt && issue.decidedAt && last.settledAt < issue.decidedAt) return nothing;
  const reason = `${last.kind} failed for good: ${last.error ?? "unknown"}`;
  return say({
    type: "ESCALATED",
    data: { level: "cto", about: "effect", reason, attempts: issue.attempts, options: ["retry", "reassign", "close"] },
  });
};
