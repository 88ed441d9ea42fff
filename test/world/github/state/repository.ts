import type { GitStore } from "../git/store.ts";
import type { CheckRun, CheckSuite, CommitStatus } from "./check.ts";
import type { Deployment } from "./deployment.ts";
import type { Comment, Issue, Label } from "./issue.ts";
import type { User } from "./people.ts";
import type { Run } from "./run.ts";

/** In rising order: each may all that the one before may. */
export const roles = ["read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

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
}

export interface Repository {
  readonly id: number;
  readonly owner: User;
  readonly defaultBranch: string;
  readonly private: boolean;
  readonly createdAt: string;
  readonly git: GitStore;
  readonly collaborators: Map<number, Role>;
  readonly labels: Map<string, Label>;
  readonly issues: Map<number, Issue>;
  readonly comments: Map<number, Comment>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly statuses: CommitStatus[];
  readonly deployments: Map<number, Deployment>;
  readonly runs: Map<number, Run>;
  readonly runNumbers: Map<string, number>;
  readonly variables: Record<string, string>;
  readonly secrets: Record<string, string>;
  readonly deleteBranchOnMerge: boolean;
  /** Who pushed a branch last. */
  readonly lastPushers: Map<string, User>;
  name: string;
  rules: BranchRules;
  pushedAt: string;
  archived: boolean;
  /** What Actions have to tell goes out one after the other. */
  telling: Promise<void>;
}
