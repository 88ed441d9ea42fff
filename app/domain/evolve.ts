/** An issue is its history, folded. A new event type does not compile until it has a fold. */
import type { EventType, RigEvent } from "./events.ts";
import { approvalFolds } from "./evolve/approval.ts";
import { type Fold, type Folds, unchanged } from "./evolve/fold.ts";
import { gateFolds } from "./evolve/gates.ts";
import { peopleFolds } from "./evolve/people.ts";
import { pullRequestFolds } from "./evolve/pull-request.ts";
import { releaseFolds } from "./evolve/release.ts";
import { workFolds } from "./evolve/work.ts";
import type { Issue } from "./issue.ts";

const folds: Folds<EventType> = {
  ...approvalFolds,
  ...workFolds,
  ...pullRequestFolds,
  ...gateFolds,
  ...releaseFolds,
  ...peopleFolds,
  // Told of a repository, an incident or a proposal, in streams of their own.
  REPOSITORY_PAUSED: unchanged,
  REPOSITORY_RESUMED: unchanged,
  REPOSITORY_RENAMED: unchanged,
  SETTINGS_DRIFTED: unchanged,
  SETTINGS_RESTORED: unchanged,
  MILESTONE_COMPLETE: unchanged,
  LESSON_LEARNED: unchanged,
  LESSON_FORGOTTEN: (issue, { id }) => ({ ...issue, forgotten: [...(issue.forgotten ?? []), id] }),
  CONFIG_CHANGED: unchanged,
  CONFIG_INVALID: unchanged,
  INCIDENT_DETECTED: unchanged,
  INCIDENT_CHANGED: unchanged,
  INCIDENT_FLAPPING: unchanged,
  INCIDENT_FILED: unchanged,
  INCIDENT_DIAGNOSED: unchanged,
  INCIDENT_RESOLVED: unchanged,
  ROUND_REQUESTED: (issue, round, at) => ({ ...issue, round: { ...round, at } }),
  PROPOSAL_CREATED: unchanged,
  PROPOSAL_SKIPPED: unchanged,
  PROPOSAL_APPROVED: unchanged,
  PROPOSAL_REJECTED: unchanged,
  PROPOSAL_REOPENED: unchanged,
  PROPOSAL_LAPSED: unchanged,
};

/** Folds one event into an issue. */
export const evolve = (issue: Issue, event: RigEvent, at: Date): Issue =>
  (folds[event.type] as Fold<typeof event.type>)(issue, event.data, at);
