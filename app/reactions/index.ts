/** What follows from an event. A command's key is its event's id and its kind: the same event never causes the same effect twice. */
import type { PlannedCommand } from "../domain/commands.ts";
import type { EventType, RigEvent } from "../domain/events.ts";
import { deploy, merge, tidy } from "./merging.ts";
import { askForApproval, escalate, remind } from "./people.ts";
import type { Context, Reaction } from "./reaction.ts";
import { cancelLive, dispatch } from "./runs.ts";

const reactions: { readonly [T in EventType]?: Reaction<T> } = {
  RUN_REQUESTED: dispatch,
  ISSUE_UNASSIGNED: cancelLive,
  ISSUE_WITHDRAWN: cancelLive,
  ISSUE_HELD: cancelLive,
  ESCALATED: (data, context) => [...(data.about === "gate" ? [] : cancelLive(data, context)), ...escalate(data, context)],
  MERGE_REQUESTED: merge,
  MERGED: (data, context) => [...cancelLive(data, context), ...tidy(data, context)],
  DEPLOY_REQUESTED: deploy,
  HUMAN_GATE_TRIGGERED: askForApproval,
  HUMAN_GATE_REMINDER: remind,
};

export function react(event: RigEvent, eventId: string, context: Context): readonly PlannedCommand[] {
  const reaction = reactions[event.type] as Reaction<typeof event.type> | undefined;
  return (reaction?.(event.data, context) ?? []).map((command) => ({ ...command, key: `${eventId}:${command.kind}` }));
}
