import type { BudgetScope, EventData, FailedCheck, Finding, Priority, WaitingFor } from "./events.ts";
import type { PrNumber, Sha } from "./ids.ts";
import type {
  Approval,
  Assignment,
  Broken,
  Dispute,
  Escalation,
  Failure,
  Gate,
  Question,
  Release,
  Review,
  Run,
  SetAside,
  SpokenReview,
} from "./issue-parts.ts";

/** What the history of one issue adds up to. */
export interface Issue {
  readonly approval?: Approval;
  readonly priority: Priority;
  readonly attempts: number;
  readonly strikes: number;
  /** Attempts and rounds that people granted beyond the limits. */
  readonly grants: number;
  readonly infraFailures: number;
  /** Runs in a row that changed nothing: no new tree, no verdict (of whichever agent). */
  readonly idleRuns: number;
  /** Trees that heads of the pull requests had. */
  readonly trees: readonly string[];
  readonly assignment?: Assignment;
  readonly setAside?: SetAside;
  readonly failure?: Failure;
  /** The act behind the last approval: it approves once, and not again after a withdrawal. */
  readonly lastActId?: string;
  /** The text that was approved last, also after a withdrawal. */
  readonly lastBodyHash?: string;
  /** What the labels said when they were last followed: a spoken priority stands until they change. */
  readonly labelPriority?: Priority;
  /** When a person last decided about the issue. */
  readonly decidedAt?: Date;
  readonly escalations: number;
  /** Oldest first; the last one of an agent is the one that counts. */
  readonly runs: readonly Run[];
  readonly pullRequest?: {
    readonly number: PrNumber;
    readonly url: string;
    readonly branch: string;
    readonly headSha: Sha;
    readonly pushes: number;
    /** A person who pushed the present head: Dev-E does not push over them unasked (F34). */
    readonly pushedBy?: string;
    readonly since: Date;
  };
  readonly ci?: {
    readonly headSha: Sha;
    readonly passed: boolean;
    readonly failedChecks: readonly FailedCheck[];
    /** Names of checks that the base branch fails as well. */
    readonly preExisting: readonly string[];
    /** Of checks that passed. */
    readonly names?: readonly string[];
    readonly since: Date;
  };
  readonly ciFixes: number;
  readonly review?: Review;
  /** Review-E's last review that wanted changes, until one that passed. */
  readonly reviewed?: { readonly headSha: Sha; readonly findings: readonly Finding[] };
  readonly disputes: readonly Dispute[];
  /** What was said of this head before, a person has put aside. */
  readonly overruled?: { readonly headSha: Sha; readonly by: string; readonly at: Date };
  /** Reviews in which Review-E abstained. */
  readonly abstained: readonly number[];
  readonly reviewRounds: number;
  readonly gates: readonly Gate[];
  /** What gates stood on that were voided last, by name. */
  readonly voided: Readonly<Record<string, { readonly headSha: Sha; readonly evidenceHash: string; readonly approvedBy?: string }>>;
  /** It is a person's pull request into `base`: the Rig holds its gates, and has it read where people want that. */
  readonly watched?: { readonly by: string; readonly title: string; readonly base: string };
  /** It is no issue but a round: an agent was asked to look and to say something. */
  readonly round?: EventData<"ROUND_REQUESTED"> & { readonly at: Date };
  readonly mergeRequestedFor?: Sha;
  /** When the last merge was asked for. */
  readonly mergeRequestedAt?: Date;
  readonly mergeBlockedBy: readonly string[];
  readonly merged?: { readonly headSha: Sha; readonly mergeSha: Sha; readonly at: Date };
  /** Merges before the present one: what they brought was broken, and is mended or brought again. Oldest first. */
  readonly merges?: readonly { readonly prNumber: PrNumber; readonly mergeSha: Sha; readonly at: Date }[];
  /** Until it is healthy where it was broken. */
  readonly broken?: Broken;
  readonly release: { readonly staging: Release; readonly production: Release };
  readonly verifiedAt?: Date;
  /** Production was taken back from this merge and the default branch may still have it: no release brings it there again until a person says so. */
  readonly takenBack?: { readonly by: string; readonly fromSha: Sha; readonly toSha: Sha };
  /** The way back that a person of `RIG_CTO` asked for, until production is seen to have taken it. */
  readonly rollback?: {
    readonly by: string;
    readonly fromSha: Sha;
    readonly toSha: Sha;
    readonly at: Date;
    /** The pull request that people merge for it, where there is no workflow. */
    readonly mergeSha?: Sha;
    readonly prNumber?: PrNumber;
  };
  readonly waiting?: {
    readonly for: WaitingFor;
    readonly reason: string;
    readonly on: readonly string[];
    readonly since: Date;
    readonly scope?: BudgetScope;
    /** How often people were reminded of a question. */
    readonly reminders?: number;
  };
  readonly answer?: { readonly text: string; readonly by: string };
  /** What was asked about the approved text, oldest first, and what people answered. */
  readonly asked: readonly Question[];
  /** Questions of agents since a person last decided about the bounds. */
  readonly questions: number;
  /** Dollars in all that a person granted the issue. */
  readonly budget?: { readonly usd: number; readonly by: string; readonly at: Date };
  /** Budgets of which four fifths were spent, by scope. */
  readonly warned: readonly BudgetScope[];
  /** Lessons of the repository that a person took away here, by their ids. */
  readonly forgotten?: readonly string[];
  readonly spoken: readonly SpokenReview[];
  readonly held?: { readonly by: string; readonly reason: string; readonly until?: EventData<"ISSUE_HELD">["until"] };
  readonly escalation?: Escalation;
  readonly doneAt?: Date;
  readonly usd: number;
  readonly humanWaitMinutes: number;
}

export const noRelease: Release = { requests: 0, smokeFailures: 0 };

export const newIssue: Issue = {
  priority: "normal",
  attempts: 0,
  strikes: 0,
  grants: 0,
  escalations: 0,
  infraFailures: 0,
  idleRuns: 0,
  asked: [],
  questions: 0,
  trees: [],
  runs: [],
  ciFixes: 0,
  reviewRounds: 0,
  disputes: [],
  abstained: [],
  gates: [],
  voided: {},
  mergeBlockedBy: [],
  warned: [],
  spoken: [],
  release: { staging: noRelease, production: noRelease },
  usd: 0,
  humanWaitMinutes: 0,
};
