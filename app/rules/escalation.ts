import type { CommandData, EffectOutcome } from "../domain/commands.ts";
import type { Escalation } from "../domain/issue-parts.ts";
import { matterOf } from "../domain/state.ts";
import { nothing, type Rule, say } from "./rule.ts";

const MINUTE_MS = 60_000;

/** An escalation lives until a person decides: it arrives, is repeated until somebody acknowledges it, and goes to everyone when nobody does. */
export const escalation: Rule = ({ issue, effects, policy, now }) => {
  const open = issue.escalation;
  if (!open) return nothing;
  const proof = proofs(effects, open).find(({ messageId }) => !open.notified.some((known) => known.messageId === messageId));
  if (proof) return say({ type: "ESCALATION_NOTIFIED", data: proof });
  if (open.acknowledgedBy) return nothing;

  const { every, nextLevelAfter } = policy.escalations;
  const waitedMs = now.getTime() - open.levelSince.getTime();
  if (open.level === "cto" && waitedMs >= nextLevelAfter) {
    const { about, reason, options } = open;
    return say({ type: "ESCALATED", data: { level: "everyone", about, reason, attempts: issue.attempts, options: [...options] } });
  }
  // After a long silence one reminder is said, not all that were missed.
  const due = Math.floor(waitedMs / every);
  if (due > open.reminders)
    return say({
      type: "ESCALATION_REMINDED",
      data: { nth: due, waitedMinutes: Math.floor((now.getTime() - open.at.getTime()) / MINUTE_MS) },
    });
  const next = open.levelSince.getTime() + every * (due + 1);
  const deadline = open.level === "cto" ? open.levelSince.getTime() + nextLevelAfter : next;
  return { events: [], wakeAt: new Date(Math.min(next, deadline)) };
};

/** Where it has arrived: Discord's message, GitHub's comment. */
const proofs = (effects: readonly EffectOutcome[], open: Escalation): readonly { readonly channel: string; readonly messageId: string }[] =>
  effects
    .filter(({ kind, state }) => (kind === "NOTIFY" || kind === "COMMENT") && state === "confirmed")
    .filter(({ data }) => (data as CommandData<"NOTIFY">).about === matterOf(open))
    .flatMap(({ kind, data, response }) => {
      const { messageId, commentId } = (response ?? {}) as { readonly messageId?: string; readonly commentId?: number };
      if (kind === "COMMENT") return commentId ? [{ channel: "github", messageId: String(commentId) }] : [];
      return messageId ? [{ channel: (data as CommandData<"NOTIFY">).channel, messageId }] : [];
    });
