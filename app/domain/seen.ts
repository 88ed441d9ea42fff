/** What GitHub, the runner and production show of one issue now: plain data, read before anything is decided. */
import type { FailedCheck, Finding, Probe } from "./events.ts";
import type { PrNumber, Sha } from "./ids.ts";

/** A person's act that may count: judged by the API when it is read, never by a payload (R1). `undecided` is asked again. */
export interface Act {
  /** The timeline event's id. */
  readonly id: string;
  readonly by: string;
  readonly byId: number;
  readonly at: Date;
  readonly verdict: "admitted" | "refused" | "undecided";
}

export interface SeenDependency {
  /** `owner/repo#number`. */
  readonly ref: string;
  /** `unknown`: the Rig cannot read it, so it counts as open. */
  readonly state: "open" | "closed" | "unknown";
}

export interface SeenIssue {
  readonly open: boolean;
  readonly locked: boolean;
  readonly title: string;
  readonly body: string;
  /** `sha256(NFC(title) ‖ 0x00 ‖ body)` as hex (R3). */
  readonly bodyHash: string;
  readonly labels: readonly string[];
  readonly milestone?: string;
  /** It is no longer here, and nothing of it can be read or shown. */
  readonly gone?: "deleted" | "transferred";
  /** The last act of taking the trigger label off, or of closing the issue. */
  readonly withdrawn?: { readonly by: string; readonly at: Date };
  /** Who last changed the text, and when, as GitHub tells it; absent where it was never changed. */
  readonly edited?: { readonly by: string; readonly at: Date };
  /** What has to be done first: by the approved text and by GitHub's own links. Read only while the issue waits for its turn. */
  readonly dependencies: readonly SeenDependency[];
  /** The way from this issue back to itself, where its dependencies form one: `owner/repo#number` each. */
  readonly cycle?: readonly string[];
  /** The last act of putting a priority label on or taking it off. */
  readonly prioritizedBy?: string;
  /** The latest act of putting the trigger label on, while the label is there. */
  readonly trigger?: Act;
  /** The same for `rig:hold`. */
  readonly hold?: Act;
}

/** The same shape as a gate's `Line` and `Change`, which live apart so that gates can be bundled alone. */
export interface ChangedLine {
  readonly line: number;
  readonly text: string;
}

export interface ChangedFile {
  readonly path: string;
  readonly previousPath?: string;
  readonly previousMode?: string;
  readonly mode?: string;
  readonly base?: string;
  readonly head?: string;
  readonly added: readonly ChangedLine[];
  readonly removed: readonly ChangedLine[];
  readonly unreadable?: string;
  readonly media?: string;
}

export interface SeenChanges {
  readonly complete: boolean;
  /** Why not every changed file could be read. */
  readonly because?: string;
  readonly files: readonly ChangedFile[];
}

/** CODEOWNERS of the default branch, as GitHub takes it. */
export interface SeenOwners {
  /** Where the file that counts lies. */
  readonly path?: string;
  readonly text?: string;
  /** What GitHub finds wrong with it, by line. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  /** Why it could not be read: then nobody owns anything. */
  readonly unreadable?: string;
}

/** What stands in a review beside its words: that it is none, and what has become of earlier findings, by id. */
export interface ReviewNote {
  readonly abstains: boolean;
  readonly revisited: Readonly<Record<string, "resolved" | "stands" | "withdrawn">>;
}

export interface SeenReview {
  readonly id: number;
  readonly by: string;
  readonly byId: number;
  readonly byType: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  readonly commitId: string;
  readonly submittedAt: Date;
  readonly body: string;
  readonly findings: readonly Finding[];
  /** Asked of the API now; only for people. */
  readonly canWrite: boolean;
  /** What Review-E's publish job says of it, in a form for programs. */
  readonly machine?: ReviewNote;
  /** It was dismissed by an account that is no person, and asked for changes before: it still does (R12). */
  readonly dismissedByMachine?: true;
  /** The only gates it decides; absent: every one that its author may decide. */
  readonly gates?: readonly string[];
}

export interface SeenPullRequest {
  readonly number: PrNumber;
  readonly url: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly branch: string;
  readonly state: "open" | "closed" | "merged";
  readonly draft: boolean;
  readonly headSha: Sha;
  /** What the head contains; absent where nothing was asked about it. */
  readonly treeSha?: Sha;
  readonly body: string;
  /** Null while GitHub is still computing it. */
  readonly mergeable: boolean | null;
  readonly mergeableState: string;
  readonly mergeSha?: Sha;
  readonly mergedBy?: string;
  readonly closedBy?: string;
  readonly checks: {
    readonly state: "pending" | "passed" | "failed";
    readonly names: readonly string[];
    /** `preExisting`: the head of the base branch fails it too. */
    readonly failed: readonly (FailedCheck & { readonly preExisting?: boolean })[];
  };
  readonly reviews: readonly SeenReview[];
  /** Where it is to be merged into, and the commit there that it is compared with. */
  readonly base: { readonly name: string; readonly sha: string };
  /** Who opened it; a bot is no person. */
  readonly author: { readonly login: string; readonly id: number; readonly bot?: true };
  /** Its head lies in another repository than the one it is to be merged into. */
  readonly fork?: true;
  /** The latest act of putting `rig:review` on a person's pull request, while it is there and its head was not read. */
  readonly reviewLabel?: Act;
  /** Not complete where not every file could be read: then every gate is raised (F28). */
  readonly changes: SeenChanges;
  readonly owners: SeenOwners;
  /** Members of the teams that CODEOWNERS names and that have a reviewer here, read now: `@org/team` → logins. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  /** Lower-case logins that made the change: the pull request's author, its commits' authors and committers, whoever pushed last. */
  readonly madeBy: readonly string[];
  /** When the first of its commits was made, as that commit itself says; absent where nothing was asked about it. */
  readonly firstCommitAt?: Date;
  /** Why it is not known of everybody who made it: then nobody can approve it (R12c). */
  readonly makersUnknown?: string;
  /** Other open pull requests of the same head into a protected branch: a check belongs to a commit, not to a pull request (R12c). */
  readonly siblings: readonly number[];
  /** GitHub's merge queue has it. */
  readonly queued?: true;
  /** Whoever pushed its head, where that is nobody of the Rig. */
  readonly pushedBy?: string;
  /** Where GitHub's merge queue tries it out now: the commit it made for that. */
  readonly mergeGroup?: { readonly headSha: Sha; readonly baseSha: Sha };
}

/** The workflow run behind the run that counts. */
export interface SeenRun {
  readonly runId: string;
  readonly status: "unknown" | "queued" | "in_progress" | "completed";
  readonly conclusion?: string;
  /** Of a cancelled run: whether a newer one of its concurrency group took its place, as GitHub's own note on it says. */
  readonly superseded?: boolean;
  readonly url?: string;
  /** The runtime's last sign of life, from the run API. */
  readonly lastSeenAt?: Date;
}

/** The deployment that counts for a merge: the newest that has it in it, or the workflow run or the object of Flux that is to become one. */
export interface SeenDeployment {
  /** GitHub's; Flux makes none, and a run that ended early has made none. */
  readonly id?: number;
  readonly sha: Sha;
  /** `waiting`: for the reviewers of its environment. `replaced`: it was live, and what is live now does not have the merge in it. */
  readonly state: "pending" | "waiting" | "success" | "failure" | "cancelled" | "replaced";
  readonly url: string;
  readonly createdAt: Date;
  /** When it became what it is, as far as GitHub tells. */
  readonly changedAt?: Date;
  /** When it was begun to be carried out: nobody is waited for any more. */
  readonly startedAt?: Date;
  /** Logins and teams, any of whom may let it through. */
  readonly reviewers?: readonly string[];
  /** Why it is as it is, in one line; partly a stranger's words. */
  readonly because?: string;
}

/** The run of the workflow that checks an environment. */
export interface SeenCheckRun {
  readonly state: "pending" | "success" | "failure" | "cancelled";
  readonly url: string;
  readonly createdAt: Date;
}

export interface SeenRelease {
  readonly deployment?: SeenDeployment;
  /** What the configured checks answer now; empty where nothing is configured or nothing is deployed yet. */
  readonly probes: readonly Probe[];
  readonly checkRun?: SeenCheckRun;
}

export interface Seen {
  readonly issue: SeenIssue;
  readonly defaultBranch: { readonly name: string; readonly sha: Sha };
  readonly pullRequest?: SeenPullRequest;
  readonly run?: SeenRun;
  /** Whether production shows the commit that was asked back: deployed since, or by what its own checks answer. */
  readonly rolledBack?: boolean;
  /** The commit as which a person merged the pull request of the way back. */
  readonly revertedBy?: Sha;
  readonly staging?: SeenRelease;
  readonly production?: SeenRelease;
}

/** A file of the Rig's configuration, and what is wrong with it. */
export interface ConfigFile {
  readonly path: string;
  readonly errors: readonly { readonly line: number; readonly column: number; readonly message: string }[];
}
