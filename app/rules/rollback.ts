import type { CommandData } from "../domain/commands.ts";
import type { RigEvent } from "../domain/events.ts";
import { PrNumber } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import { nothing, type Rule, type Scene, say } from "./rule.ts";

const SOONEST_MS = 2_000;
const LATEST_MS = 3_600_000;
/** What was asked for long ago is asked about ever less often. */
const PATIENCE = 4;

type WayBack = NonNullable<Issue["rollback"]>;

/** P13: nothing here asks for a way back; it only says what became of the one that a person asked for. */
export const rollback: Rule = (scene) => {
  const { issue, seen, now } = scene;
  const back = issue.rollback;
  if (!back) return nothing;
  const { by, fromSha, toSha } = back;
  if (seen.rolledBack) return say({ type: "ROLLED_BACK", data: { by, fromSha, toSha } });
  const effect = effectOf(scene, back);
  if (effect?.state === "dead" && !issue.escalation && !(issue.decidedAt && effect.settledAt && effect.settledAt < issue.decidedAt))
    return say(lost(issue, effect.error ?? "unknown"));
  const { number, url } = (effect?.response ?? {}) as { readonly number?: number; readonly url?: string };
  if (effect?.kind === "OPEN_REVERT" && effect.state === "confirmed" && number && !back.prNumber)
    return say({ type: "ROLLBACK_PROPOSED", data: { by, toSha, prNumber: PrNumber.parse(number), url: url ?? "" } });
  if (back.prNumber && seen.revertedBy && !back.mergeSha)
    return say({ type: "ROLLBACK_MERGED", data: { by, toSha, prNumber: back.prNumber, mergeSha: seen.revertedBy } });
  const waited = now.getTime() - back.at.getTime();
  return { events: [], wakeAt: new Date(now.getTime() + Math.min(LATEST_MS, Math.max(SOONEST_MS, waited / PATIENCE))) };
};

/** What the Rig was to do about it: of two requests for the same commit the later one's. */
const effectOf = ({ effects }: Scene, { toSha, mergeSha, at }: WayBack) =>
  effects.findLast(
    ({ kind, data, settledAt }) =>
      ((kind === "OPEN_REVERT" && (data as CommandData<"OPEN_REVERT">).toSha === toSha) ||
        (kind === "DEPLOY" && [toSha, mergeSha].includes((data as CommandData<"DEPLOY">).sha))) &&
      (!settledAt || settledAt >= at),
  );

const lost = ({ attempts }: Issue, error: string): RigEvent => ({
  type: "ESCALATED",
  data: { level: "cto", about: "effect", reason: `The way back failed for good: ${error}`, attempts, options: ["rollback"] },
});
