/** What an issue consists of, as its history adds up. */
import type { Cause, Environment, EscalationAbout, EscalationLevel, EventData, Finding, Probe, RunKind } from "./events.ts";
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
  /** What it has cost, as far as the dollars hold it already. */
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
