import type { GitStore } from "../git/store.ts";
import type { CheckRun, CheckSuite, CommitStatus } from "./check.ts";
import type { Deployment } from "./deployment.ts";
import type { ProtectedEnvironment } from "./environment.ts";
import type { Comment, Gone, Issue, Label, Milestone } from "./issue.ts";
import type { User } from "./people.ts";
import type { Run } from "./run.ts";

/** In rising order: each may all that the one before may. */
export const roles = ["read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

/** Somebody for whom the ruleset does not hold. Of roles: 2 is maintain, 4 write, 5 admin. */
export interface BypassActor {
  readonly type: "Integration" | "User" | "RepositoryRole" | "OrganizationAdmin";
  readonly id: number;
  /** `always` unless told. */
  readonly mode?: "always" | "pull_request";
}

export type MergeMethod = "merge" | "squash" | "rebase";

/** What the ruleset of the default branch asks. */
export interface BranchRules {
  readonly requiredChecks?: readonly string[];
  /** The App a required check has to come from, by check name. */
  readonly checkSources?: Readonly<Record<string, number>>;
  /** Nobody pushes to the branch, whoever they are. */
  readonly requirePullRequest?: boolean;
  readonly requiredApprovals?: number;
  readonly dismissStaleReviews?: boolean;
  readonly requireLastPushApproval?: boolean;
  readonly requireCodeOwnerReview?: boolean;
  /** How it may be merged; in all three ways unless told. */
  readonly mergeMethods?: readonly MergeMethod[];
  /** Merges go through GitHub's queue, by its own method: a merge commit unless told. */
  readonly mergeQueue?: { readonly method?: MergeMethod; readonly entriesToBuild?: number };
  readonly allowForcePushes?: boolean;
  readonly allowDeletion?: boolean;
  readonly bypassActors?: readonly BypassActor[];
  /** `active` unless told. */
  readonly enforcement?: "active" | "evaluate" | "disabled";
}

/** A branch that moved, and who moved it. */
export interface Activity {
  readonly id: number;
  readonly ref: string;
  /** Zeros where there was, or is, no such branch. */
  readonly before: string;
  readonly after: string;
  readonly at: string;
  readonly type: "push" | "force_push" | "branch_creation" | "branch_deletion";
  readonly actor: User;
}

export interface Repository {
  readonly id: number;
  readonly defaultBranch: string;
  readonly createdAt: string;
  readonly git: GitStore;
  readonly collaborators: Map<number, Role>;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, Issue>;
  /** Issues that were transferred or deleted. */
  readonly gone: Map<number, Gone>;
  readonly milestones: Map<number, Milestone>;
  readonly comments: Map<number, Comment>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly statuses: CommitStatus[];
  readonly deployments: Map<number, Deployment>;
  /** Those that are protected, by name. */
  readonly environments: Map<string, ProtectedEnvironment>;
  readonly runs: Map<number, Run>;
  readonly runNumbers: Map<string, number>;
  readonly variables: Record<string, string>;
  readonly secrets: Record<string, string>;
  readonly deleteBranchOnMerge: boolean;
  /** Who pushed a branch last. */
  readonly lastPushers: Map<string, User>;
  /** Oldest first. */
  readonly activities: Activity[];
  owner: User;
  name: string;
  private: boolean;
  rules: BranchRules;
  rulesChangedAt: string;
  pushedAt: string;
  archived: boolean;
  /** Nobody finds it any more. It stays here for the runs that are still ending. */
  deleted: boolean;
  /** What Actions have to tell goes out one after the other. */
  telling: Promise<void>;
}
