import type { RigEvent } from "../../domain/events.ts";
import type { RepositoryState } from "../../domain/repository.ts";
import type { IssueState } from "../../domain/state.ts";

export interface SeenMilestone {
  readonly number: number;
  readonly title: string;
  readonly openIssues: number;
}

/** The Rig's issues of a milestone, of which not all were ever its own: GitHub has to agree that none is open. */
export function milestoneComplete(
  state: RepositoryState,
  states: readonly IssueState[],
  seen: SeenMilestone | undefined,
): readonly RigEvent<"MILESTONE_COMPLETE">[] {
  if (!seen || seen.openIssues > 0 || !allDone(states) || state.milestones[seen.title] === states.length) return [];
  return [{ type: "MILESTONE_COMPLETE", data: { milestone: seen.title, issueCount: states.length } }];
}

export const allDone = (states: readonly IssueState[]): boolean => states.length > 0 && states.every((state) => state === "done");
