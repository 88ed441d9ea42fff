/** What the run API and the model gateway need from the rest of the app. */
import type { Fitted } from "../../characters.ts";
import type { Said } from "../../domain/envelope.ts";
import type { EventType, Finding } from "../../domain/events.ts";
import type { IssueNumber, RepositoryId, StreamId, Subject } from "../../domain/ids.ts";
import type { Issue } from "../../domain/issue.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import type { VerifyOidc, WorkflowIdentity } from "../oidc.ts";

/** What became of words for an issue's history. */
export interface Recording {
  readonly result: "accepted" | "duplicate" | "rejected";
  readonly version?: number;
  readonly reason?: string;
}

/** A token of one of the Apps for one repository. */
export interface MintedToken {
  readonly token: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Whose it is, by GitHub's ids. */
  readonly identity: { readonly appId: number; readonly userId: number };
}

export interface Desk {
  readonly store: Pick<
    Store,
    | "run"
    | "runByCapability"
    | "claimRun"
    | "seen"
    | "grantPublish"
    | "issueByRun"
    | "repository"
    | "readStream"
    | "addUsage"
    | "spent"
    | "saveCheckpoint"
    | "checkpoint"
    | "checkpointBytes"
    | "appendTranscript"
  >;
  /** Decides over the words and appends what they lead to. */
  readonly record: (subject: Subject, said: readonly Said[], causationId: string) => Promise<Recording>;
  readonly issueOf: (stream: StreamId) => Promise<Issue>;
  readonly policyOf: (repositoryId: number) => Promise<Policy>;
  /** The agent as the repository wants it; undefined where this app has none of that name. */
  readonly character: (agent: string, repositoryId: number) => Promise<Fitted | undefined>;
  readonly mintToken: (wanted: {
    readonly installationId: number;
    readonly repositoryId: RepositoryId;
    readonly permissions: Readonly<Record<string, "read" | "write">>;
    readonly app: "rig" | "review";
  }) => Promise<MintedToken>;
  /** Somebody pressed *Run workflow*: judged as if they had set the trigger label. */
  readonly admit: (
    actor: WorkflowIdentity["actor"],
    repositoryId: RepositoryId,
    issue: IssueNumber,
    workflowRunId: number,
    agent: string,
  ) => Promise<{ readonly runId: string } | { readonly why: string }>;
  /** A schedule, or somebody who pressed *Run workflow*, wants a round of an agent; on that issue where one is named. */
  readonly startRound: (
    identity: WorkflowIdentity,
    repositoryId: RepositoryId,
    agent: string,
    issue: IssueNumber | undefined,
  ) => Promise<{ readonly runId: string } | { readonly why: string }>;
  /** What GitHub holds about failed checks of a head. Absent: a task tells of them what the history does. */
  readonly failures?: (
    subject: Subject,
    headSha: string,
    checks: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly { readonly name: string; readonly text: string; readonly annotations: readonly Omit<Finding, "by">[] }[]>;
  readonly verifyOidc: VerifyOidc;
  readonly now: () => Date;
  /** How runners reach the app, without a slash at the end. */
  readonly publicUrl: string;
  /** Where people see GitHub: `https://github.com`. */
  readonly githubUrl: string;
  /** An event that the history could not take is counted by its name. */
  readonly countRejected: (type: EventType) => void;
  readonly log: Log;
}
