import type { EventType } from "../../domain/events.ts";
import type { StandingProposal } from "../../domain/proposals.ts";
import type { Lesson } from "../../domain/repository.ts";
import type { OpenIssue } from "../../observe/proposals.ts";
import type { IncidentEvent, IssueEvent, RunCost } from "../../store/brief.ts";
import type { Feedback } from "../feedback.ts";

/** Events of issues that the brief counts. */
export const counted = [
  ...["ISSUE_APPROVED", "ISSUE_ASSIGNED", "ISSUE_UNASSIGNED", "ISSUE_DONE", "VERIFIED", "AGENT_STUCK"],
  ...["CI_FAILED", "REVIEW_CHANGES_REQUESTED", "SMOKE_FAILED", "DEPLOY_FAILED"],
  ...["HUMAN_GATE_TRIGGERED", "HUMAN_GATE_APPROVED", "HUMAN_GATE_REJECTED"],
  ...["ESCALATED", "GUARD_BLOCKED", "QUESTION_ASKED"],
] as const satisfies readonly EventType[];
export type Counted = (typeof counted)[number];

/** Everything that the brief is made from. */
export interface Facts {
  readonly since: Date;
  readonly now: Date;
  readonly events: readonly IssueEvent<Counted>[];
  readonly incidents: readonly IncidentEvent[];
  readonly runs: readonly RunCost[];
  readonly lessons: readonly Lesson[];
  readonly proposals: readonly StandingProposal[];
  readonly feedback: readonly Feedback[];
  readonly openIssues: readonly OpenIssue[];
  /** How many may be proposed. */
  readonly most: number;
}

/** A part of the brief: what it says, in lines of Markdown; none where there is nothing to say. */
export interface Section {
  readonly title: string;
  readonly lines: (facts: Facts) => readonly string[];
}

type Of<T extends Counted> = Extract<IssueEvent<Counted>, { readonly type: T }>;

/** The events of some types, whenever they were. */
export const ever = <T extends Counted>({ events }: Facts, ...types: readonly T[]): readonly Of<T>[] =>
  events.filter((event): event is Of<T> => (types as readonly string[]).includes(event.type));

/** The events of some types within the time that the brief is about. */
export const within = <T extends Counted>(facts: Facts, ...types: readonly T[]): readonly Of<T>[] =>
  ever(facts, ...types).filter(({ at }) => at >= facts.since && at <= facts.now);
