/** What follows from an event. A command's key is its event's id and its kind: the same event never causes the same effect twice. */
import type { Command, CommandKind, PlannedCommand } from "../domain/commands.ts";
import type { EventType, RigEvent } from "../domain/events.ts";
import { liveRun } from "../domain/state.ts";
import { closeIssue, showLabel } from "./approval.ts";
import { answer } from "./commands.ts";
import { escalate, remindOfEscalation } from "./escalations.ts";
import { askForApproval, remind } from "./gates.ts";
import { check, deploy, merge, tidy } from "./merging.ts";
import { askForAnswer, askForBudget, remindOfQuestion, warnOfBudget } from "./people.ts";
import type { Context, Reaction } from "./reaction.ts";
import { overrule } from "./reviews.ts";
import { announceProposal, announceRolledBack, deployRevert, rollBack } from "./rollback.ts";
import { dispatch } from "./runs.ts";
import { mendForward, waitForAnother } from "./smoke.ts";

const reactions: { readonly [T in EventType]?: Reaction<T> } = {
  ISSUE_APPROVED: showLabel,
  RUN_REQUESTED: dispatch,
  QUESTION_ASKED: askForAnswer,
  BUDGET_WARNED: warnOfBudget,
  BUDGET_EXCEEDED: askForBudget,
  ESCALATED: escalate,
  ESCALATION_REMINDED: remindOfEscalation,
  ESCALATION_RESOLVED: closeIssue,
  COMMAND_RECEIVED: answer,
  REVIEW_OVERRULED: overrule,
  MERGE_REQUESTED: merge,
  MERGED: tidy,
  DEPLOY_REQUESTED: deploy,
  SMOKE_REQUESTED: check,
  DEPLOY_BLOCKED: waitForAnother,
  SMOKE_FAILED: mendForward,
  ROLLBACK_REQUESTED: rollBack,
  ROLLBACK_PROPOSED: announceProposal,
  ROLLBACK_MERGED: deployRevert,
  ROLLED_BACK: announceRolledBack,
  HUMAN_GATE_TRIGGERED: askForApproval,
  HUMAN_GATE_REMINDER: remind,
  QUESTION_REMINDED: remindOfQuestion,
};

/** Of a repository that is only observed, people are answered and nothing is set in motion (R14). */
export const whileObserving: ReadonlySet<CommandKind> = new Set(["REACT", "COMMENT"]);

export function react(event: RigEvent, eventId: string, context: Context): readonly PlannedCommand[] {
  const reaction = reactions[event.type] as Reaction<typeof event.type> | undefined;
  const commands = [...abandoned(event, context), ...(reaction?.(event.data, context) ?? [])];
  return commands.map((command) => ({ ...command, key: `${eventId}:${command.kind}`, ...laneOf(command, context) }));
}

/** Whatever event it was: a run that the issue no longer wants is ended, and the pull request of an attempt that is over is closed. */
function abandoned({ type }: RigEvent, { before, after }: Context): readonly Command[] {
  const run = liveRun(before);
  const ended = run && liveRun(after)?.runId !== run.runId && type !== "RUN_FINISHED";
  const closed = before.pullRequest && !after.pullRequest && !before.merged && type !== "PR_CLOSED";
  return [
    ...(ended ? [{ kind: "CANCEL_RUN" as const, data: { runId: run.runId } }] : []),
    ...(closed ? [{ kind: "CLOSE_PULL_REQUEST" as const, data: { prNumber: before.pullRequest.number } }] : []),
  ];
}

/** Messages about one matter of an issue go one after the other. */
const laneOf = (command: Command, { subject }: Context): { readonly lane?: string } =>
  command.kind === "NOTIFY" && command.data.about ? { lane: `${subject.stream}:${command.data.about}` } : {};
