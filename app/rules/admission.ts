import { dependenciesIn } from "../domain/dependencies.ts";
import type { Said } from "../domain/envelope.ts";
import type { Priority } from "../domain/events.ts";
import { AUTO_READY } from "../domain/incident.ts";
import type { Policy } from "../domain/policy.ts";
import { agentIn } from "../domain/producers.ts";
import type { Act } from "../domain/seen.ts";
import { isAskedBack } from "../domain/state.ts";
import { sameLabel } from "../domain/text.ts";
import { lookAgain, nothing, type Rule, type Scene } from "./rule.ts";

const ASK_AGAIN_MS = 30_000;

/**
 * R1: an issue is admitted by a person's act of labelling, judged by the API now; its text is frozen with it.
 * A new act also gives back an issue that was held or had failed.
 */
export const admission: Rule = (scene) => {
  const { subject, issue, seen, policy, paused, now } = scene;
  const { hold, open, locked, gone, title, body, bodyHash, labels, milestone, edited } = seen.issue;
  const trigger = incidents(scene) ?? seen.issue.trigger;
  if (!trigger || hold || locked || gone || paused || issue.doneAt || policy.mode === "disabled") return nothing;
  // A merge closes its issue; only a release that failed can still be given back.
  if (issue.merged ? !issue.escalation : !open) return nothing;
  // An act approves once: what was withdrawn, or closed and opened again, needs a new one (F33).
  if (issue.lastActId === trigger.id) return nothing;
  const insists = isAskedBack(issue) && issue.approval !== undefined && trigger.at > issue.approval.at;
  if (issue.approval && !issue.approval.stale && !issue.held && !issue.escalation && !insists) return nothing;
  if (trigger.verdict === "undecided") return lookAgain(now, ASK_AGAIN_MS);
  if (trigger.verdict === "refused") return nothing;
  const kind = trigger.by === AUTO_READY ? ("app" as const) : ("human" as const);
  const by = { actor: { kind, login: trigger.by, id: trigger.byId }, at: trigger.at };
  const approval = {
    title,
    body,
    bodyHash,
    priority: priorityOf(labels, policy),
    dependsOn: dependenciesIn(body, subject),
    approvedBy: trigger.by,
    actId: trigger.id,
    ...(milestone ? { milestone } : {}),
    ...agentIn(labels),
  };
  const release: Said[] =
    issue.held || issue.escalation
      ? [{ type: "ISSUE_RELEASED", data: { by: trigger.by, reason: `${trigger.by} approved it again.` }, ...by }]
      : [];
  // R3: a text that was changed after the act is not what the person saw, whenever we came to look.
  const late: Said[] =
    edited && edited.at >= trigger.at ? [{ type: "APPROVAL_STALE", data: { changedBy: edited.by, newHash: bodyHash } }] : [];
  return { events: [...release, { type: "ISSUE_APPROVED", data: approval, ...by }, ...late] };
};

/**
 * R1's one exception, where the default branch says `monitor.autoReady`: our own label on the issue that an incident's history names, as
 * long as its text is the one that the Rig wrote there. It counts once; after that only people's acts do.
 */
function incidents({ seen, filed, policy, identities }: Scene): Act | undefined {
  const { trigger, bodyHash } = seen.issue;
  if (!filed || !policy.monitor.autoReady || trigger?.byId !== identities.rig || bodyHash !== filed.bodyHash) return undefined;
  return { ...trigger, id: filed.eventId, by: AUTO_READY, verdict: "admitted" };
}

export const priorityOf = (labels: readonly string[], { priority }: Policy): Priority => {
  const has = (names: readonly string[]) => names.some((name) => labels.some((label) => sameLabel(label, name)));
  return has(priority.critical) ? "critical" : has(priority.high) ? "high" : "normal";
};
