import type {
  BudgetScope,
  Cause,
  Environment,
  EscalationAbout,
  EscalationLevel,
  EventData,
  FailedCheck,
  Finding,
  Priority,
  Probe,
  RunKind,
  WaitingFor,
} from "./events.ts";
import type { AgentId, PrNumber, RunId, Sha } from "./ids.ts";

export interface Approval {
  readonly title: string;
  readonly body: string;
  readonly bodyHash: string;
  readonly approvedBy: string;
  readonly actId: string;
  /** Issues as `owner/repo#number` that the approved text wants done first. */
  readonly dependsOn: readonly string[];
  readonly milestone?: string;
  /** Who shall do it; absent: whoever does what asks for no other. */
  readonly agent?: string;
  readonly at: Date;
  /** The text changed since: nothing new starts, nothing merges (R3). */
  readonly stale: boolean;
}

/** An agent instance has the issue. Only while it holds a slot does it count against the capacity. */
export interface Assignment {
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly branch: string;
  readonly attempt: number;
  readonly since: Date;
}

export interface Run {
  readonly runId: RunId;
  readonly agent: string;
  readonly agentId: AgentId;
  readonly kind: RunKind;
  readonly attempt: number;
  /** Where it works: for a review, the head it reads. */
  readonly baseSha: Sha;
  readonly requestedAt: Date;
  /** No runner has taken it for much too long. */
  readonly starvedAt?: Date;
  readonly startedAt?: Date;
  readonly lastSeenAt?: Date;
  /** What it has come to, and since when that has not changed. */
  readonly progress?: { readonly mark: string; readonly since: Date; readonly sameCalls: number };
  /** It was asked to keep its work and stop. */
  readonly asked?: { readonly reason: string; readonly at: Date };
  /** The commit its work in progress is kept as. */
  readonly checkpoint?: Sha;
  /** What it has cost, as far as the issue's dollars hold it already. */
  readonly usd?: number;
  /** It goes on with what that run left. */
  readonly resumes?: RunId;
  readonly question?: string;
  /** What it was given to mend or to answer. */
  readonly findings?: readonly Finding[];
  readonly finished?: { readonly outcome: EventData<"RUN_FINISHED">["outcome"]; readonly at: Date; readonly summary?: string };
  /** It objected to findings it was to answer. */
  readonly disputed?: true;
  readonly stuck?: { readonly cause: Cause; readonly reason: string; readonly at: Date };
  /** The rule that kept its result from being published, and what it found. */
  readonly refused?: { readonly rule: string; readonly detail: string };
  /** Late words of a fenced run change nothing (F21). */
  readonly fenced: boolean;
}

export type Evidence = EventData<"HUMAN_GATE_TRIGGERED">["evidence"][number];

export interface Gate {
  readonly name: string;
  readonly headSha: Sha;
  /** The first of it, where it is much. */
  readonly evidence: readonly Evidence[];
  readonly evidenceCount: number;
  /** Of all of it: an approval stands only as long as this does. */
  readonly evidenceHash: string;
  readonly approvers: readonly string[];
  readonly since: Date;
  readonly reminders: number;
  readonly escalated: boolean;
  readonly state: "waiting" | "approved" | "rejected";
  readonly by?: string;
  readonly decidedAt?: Date;
}

/** An author's objection to a finding, until a person or a new pull request ends it. */
export interface Dispute {
  readonly id: string;
  readonly by: string;
  readonly why: string;
  /** A person decided that the finding stands. */
  readonly upheld?: true;
}

export interface Review {
  readonly headSha: Sha;
  /** When it was asked for. */
  readonly since: Date;
  readonly result: "requested" | "passed" | "changes_requested";
  readonly reviewer?: string;
  readonly reviewId?: number;
  /** Who wants changes is a person. */
  readonly byPerson?: true;
  /** Why Review-E could not judge, each time since it was asked. */
  readonly abstentions?: readonly string[];
  readonly findings: readonly Finding[];
}

export interface Question {
  readonly text: string;
  /** The agent's instance, or `rig` where the Conductor asked before any work. */
  readonly by: string;
  readonly answer?: { readonly text: string; readonly by: string };
}

/** A release that failed because of the change: what the next attempt mends. */
export interface Broken {
  readonly environment: Environment;
  /** The commit that failed there. */
  readonly sha: Sha;
  readonly prNumber?: PrNumber;
  readonly failed: readonly Probe[];
  readonly because: string;
  /** The how-manieth time, of how many that are mended without a person. */
  readonly retry: number;
  readonly maxRetries: number;
  readonly at: Date;
  /** Production was taken back, and the default branch with it: the change is not there any more. */
  readonly takenBackBy?: string;
}

/** How far the merge has come in one environment. */
export interface Release {
  readonly requests: number;
  readonly requestedAt?: Date;
  readonly deployedAt?: Date;
  readonly url?: string;
  /** GitHub holds the deployment until its reviewers let it through. */
  readonly waiting?: { readonly since: Date; readonly reviewers: readonly string[]; readonly url: string };
  readonly cancelledAt?: Date;
  /** The workflow that checks the environment was asked for. */
  readonly checking?: { readonly attempt: number; readonly since: Date };
  /** Since when every check has held. */
  readonly seenLiveAt?: Date;
  /** How often a check has stopped holding. */
  readonly losses?: number;
  readonly healthyAt?: Date;
  readonly smokeFailures: number;
  /** An earlier merge is the first that fails there: the issue that it is of, and since when this one waits for its fix. */
  readonly blocked?: { readonly by: string; readonly failingSha: Sha; readonly since: Date; readonly takenBackBy?: string };
}

/** An attempt that goes on later where it stopped: on its own branch, with its pull request, without a strike. */
export interface SetAside {
  readonly branch: string;
  readonly attempt: number;
  readonly agentId: AgentId;
}

/** Why the attempt before failed: what the next one is told, and which instance it does not get. */
export interface Failure {
  readonly attempt: number;
  readonly agentId: AgentId;
  readonly reason: string;
  readonly summary?: string;
  readonly at: Date;
}

export interface Escalation {
  /** The how-manieth of the issue: what is said about it belongs together. */
  readonly nth: number;
  readonly about: EscalationAbout;
  readonly level: EscalationLevel;
  readonly reason: string;
  readonly options: readonly string[];
  readonly at: Date;
  /** When the present level was asked. */
  readonly levelSince: Date;
  readonly reminders: number;
  /** Where it demonstrably arrived. */
  readonly notified: readonly { readonly channel: string; readonly messageId: string }[];
  readonly acknowledgedBy?: string;
}

/** A person's word about a head, spoken as a command. */
export interface SpokenReview {
  readonly commentId: number;
  readonly headSha: Sha;
  readonly verdict: "approved" | "rejected" | "changes";
  readonly by: string;
  readonly byId: number;
  /** Empty: every gate they may decide. */
  readonly gates: readonly string[];
  readonly reason: string;
  readonly at: Date;
}

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
