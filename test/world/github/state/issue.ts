import type { Author, User } from "./people.ts";
import type { Pull } from "./pull.ts";

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly user: User;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

export const reactionContents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;
export type ReactionContent = (typeof reactionContents)[number];

export type LockReason = "off-topic" | "too heated" | "resolved" | "spam";

/** Where an issue is that is not here any more; `deleted` if it is nowhere. */
export type Gone = "deleted" | { readonly repositoryId: number; readonly number: number };

export interface Comment {
  readonly id: number;
  readonly issueNumber: number;
  readonly author: Author;
  readonly createdAt: string;
  readonly reactions: Reaction[];
  body: string;
  updatedAt: string;
}

/** One line of an issue's history: `labeled`, `closed`, `commented` … with what that event adds. */
export interface Act {
  readonly id: number;
  readonly event: string;
  readonly by: Author;
  readonly at: string;
  readonly commitSha?: string;
  readonly label?: { readonly name: string; readonly color: string };
  readonly rename?: { readonly from: string; readonly to: string };
  readonly stateReason?: string;
  readonly commentId?: number;
  readonly reviewId?: number;
  readonly dismissed?: { readonly reviewId: number; readonly state: string; readonly message: string | null };
  readonly requested?: User;
  readonly assignee?: User;
  readonly sourceNumber?: number;
  readonly milestone?: string;
  readonly lockReason?: LockReason;
  /** The other issue of a dependency. */
  readonly other?: Issue;
}

export interface Milestone {
  readonly id: number;
  readonly number: number;
  readonly creator: Author;
  readonly createdAt: string;
  title: string;
  description: string | null;
  state: "open" | "closed";
  dueOn: string | null;
  updatedAt: string;
  closedAt: string | null;
}

export interface Issue {
  readonly repositoryId: number;
  readonly id: number;
  readonly number: number;
  readonly author: Author;
  readonly createdAt: string;
  readonly labels: Label[];
  readonly assignees: User[];
  readonly acts: Act[];
  readonly reactions: Reaction[];
  /** Issues that have to be done first, of this repository or another. */
  readonly blockedBy: Issue[];
  title: string;
  body: string | null;
  state: "open" | "closed";
  stateReason: "completed" | "not_planned" | "reopened" | "duplicate" | null;
  locked: boolean;
  lockReason?: LockReason;
  updatedAt: string;
  closedAt: string | null;
  closedBy?: User;
  milestone?: Milestone;
  /** The last edit of the body; none of the title. */
  lastEdit?: { readonly by: Author; readonly at: string };
  pull?: Pull;
}
