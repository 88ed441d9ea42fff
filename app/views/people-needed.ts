import { askedAbout } from "../domain/incident.ts";
import type { Issue } from "../domain/issue.ts";
import { openGates, stateOf } from "../domain/state.ts";

/** Something that only a person can move. */
export interface Need {
  readonly what: string;
  /** GitHub logins and teams; empty where nobody is named. */
  readonly who: readonly string[];
  readonly since: Date;
  readonly acknowledgedBy?: string;
}

/** What an issue wants of people, and of whom. */
export function needs(issue: Issue, cto: readonly string[]): readonly Need[] {
  const { approval, escalation, waiting } = issue;
  if (stateOf(issue) === "done") return [];
  const approver = approval ? askedAbout(approval, cto) : [];
  const gates = openGates(issue).filter(({ state }) => state === "waiting");
  return [
    ...(escalation && escalation.about !== "gate"
      ? [
          {
            what: escalation.reason,
            who: escalation.level === "everyone" ? ["everyone", ...cto] : cto,
            since: escalation.at,
            ...(escalation.acknowledgedBy ? { acknowledgedBy: escalation.acknowledgedBy } : {}),
          },
        ]
      : []),
    ...gates.map(({ name, since, approvers, escalated }) => ({
      what: `the ${name} gate of #${issue.pullRequest?.number}`,
      who: [...new Set([...(escalated ? cto : []), ...approvers])],
      since,
    })),
    ...Object.entries(issue.release).flatMap(([environment, { waiting: held }]) =>
      held ? [{ what: `the deployment to ${environment}, which GitHub holds`, who: held.reviewers, since: held.since }] : [],
    ),
    ...(waiting && waiting.for !== "dependency"
      ? [{ what: `${waiting.for}: ${waiting.reason}`, who: waiting.for === "budget" ? cto : approver, since: waiting.since }]
      : []),
    ...(approval?.stale ? [{ what: "its text changed after it was approved", who: approver, since: approval.at }] : []),
  ];
}

/** A moment as Discord tells it, in the reader's words and up to date: "3 hours ago". */
export const ago = (when: Date): string => `<t:${Math.floor(when.getTime() / 1_000)}:R>`;

export const asked = ({ who, acknowledgedBy }: Need): string =>
  acknowledgedBy ? `${acknowledgedBy} has seen it` : who.join(", ") || "nobody is named";
