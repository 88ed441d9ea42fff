import type { Author, User } from "./people.ts";
import type { MergeMethod, Repository } from "./repository.ts";

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

export interface Review {
  readonly id: number;
  readonly author: Author;
  readonly commitSha: string;
  body: string;
  state: ReviewState;
  submittedAt?: string;
}

export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number;
  readonly author: Author;
  readonly path: string;
  readonly line: number | null;
  readonly side: "LEFT" | "RIGHT";
  readonly commitSha: string;
  readonly diffHunk: string;
  readonly createdAt: string;
  readonly inReplyTo?: number;
  body: string;
  updatedAt: string;
}

/** A place in the merge queue. */
export interface QueueEntry {
  readonly id: number;
  readonly by: Author;
  readonly at: string;
  /** The head that was put there: another one leaves. */
  readonly headSha: string;
  /** The commit on which it is tried out, on a branch of its own. */
  group?: { readonly ref: string; readonly headSha: string; readonly baseSha: string };
}

/** A merge that was asked for in the background, and how it ended. */
export interface BackgroundMerge {
  readonly uuid: string;
  readonly by: Author;
  readonly method: MergeMethod | "default";
  readonly action: "default" | "merge_queue" | "direct_merge";
  readonly expectedHeadSha: string;
  updatedAt: Date;
  result?: { readonly status: "merged" | "enqueued" | "failed"; readonly message: string; readonly sha?: string };
}

/** What a pull request is beyond being an issue. */
export interface Pull {
  readonly id: number;
  readonly headBranch: string;
  readonly reviews: Review[];
  readonly reviewComments: ReviewComment[];
  readonly requestedReviewers: User[];
  headSha: string;
  /** Where its head lies, if that is another repository: GitHub keeps the commits in this one too. */
  fork?: Repository;
  baseBranch: string;
  /** Where the base branch stood when the head was last pushed; GitHub does not move it with the branch. */
  baseSha: string;
  draft: boolean;
  lastPusher: User;
  /** The test merge under `refs/pull/N/merge`, for the two tips it was made of. */
  testMerge?: { readonly of: string; readonly sha: string | null };
  /** GitHub computes mergeability when first asked and says `null` until then. */
  mergeabilityAskedFor?: string;
  /** Merges that were asked for in the background, the last one last. */
  background?: BackgroundMerge[];
  queued?: QueueEntry;
  mergedAt?: string;
  mergedBy?: User;
  mergeSha?: string;
}
