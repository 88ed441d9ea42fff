/** Reads a subject as GitHub has it now: only what the issue's state asks for, and nothing is written. */
import { Sha, type Subject } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import { nextEnvironment } from "../domain/release-checks.ts";
import type { Seen } from "../domain/seen.ts";
import { stateOf } from "../domain/state.ts";
import type { Reader } from "./github.ts";
import { observeIssue } from "./issue.ts";
import { type Identities, observePullRequest } from "./pull-request.ts";
import { type KnownRelease, observeRelease } from "./release.ts";
import { observeRollback } from "./rollback.ts";
import { observeRun } from "./run.ts";

/** What the run API knows of the run that counts. */
export interface KnownRun {
  readonly runId: string;
  readonly workflowRunId?: number;
  readonly lastSeenAt?: Date;
}

export interface Known {
  readonly issue: Issue;
  readonly policy: Policy;
  readonly defaultBranch: Seen["defaultBranch"];
  readonly run?: KnownRun;
  readonly identities: Identities;
  /** Of the environment that a merge is on its way to. */
  readonly release?: KnownRelease;
}

export async function observe(reader: Reader, subject: Subject, known: Known): Promise<Seen> {
  const { issue, policy, defaultBranch, run } = known;
  const finished = stateOf(issue) === "done";
  if (subject.kind === "round") return observeRound(reader, known);
  if (subject.kind === "pull_request") return observePeoples(reader, subject, known);
  const [seenIssue, pullRequest, seenRun] = await Promise.all([
    observeIssue(reader, subject.number, issue, policy),
    issue.merged ? undefined : observePullRequest(reader, subject, known),
    run && !finished ? observeRun(reader, run.runId, run.workflowRunId, run.lastSeenAt) : undefined,
  ]);
  const environment = finished ? undefined : nextEnvironment(issue, policy);
  const release = environment && (await observeRelease(reader, environment, policy, issue, known.release));
  const back = issue.rollback;
  const wayBack = back ? await observeRollback(reader, policy, back) : {};
  return {
    issue: seenIssue,
    defaultBranch,
    ...(pullRequest ? { pullRequest } : {}),
    ...(seenRun ? { run: seenRun } : {}),
    ...wayBack,
    ...(environment && release ? { [environment]: release } : {}),
  };
}

/** A person's pull request. It is an issue to GitHub too, of which nothing more is asked. */
async function observePeoples(reader: Reader, subject: Subject, known: Known): Promise<Seen> {
  const { issue, policy, defaultBranch, run } = known;
  // Where it is on its way to production, only that is looked at.
  const production = nextEnvironment(issue, policy) && (await observeRelease(reader, "production", policy, issue, known.release));
  const [pullRequest, seenRun] = issue.merged
    ? []
    : await Promise.all([
        observePullRequest(reader, subject, known),
        run && observeRun(reader, run.runId, run.workflowRunId, run.lastSeenAt),
      ]);
  const { title = "", body = "", labels = [], state } = pullRequest ?? {};
  return {
    issue: { open: state === "open", locked: false, title, body, bodyHash: "", labels, dependencies: [] },
    defaultBranch,
    ...(pullRequest ? { pullRequest } : {}),
    ...(seenRun ? { run: seenRun } : {}),
    ...(production ? { production } : {}),
  };
}

/** Of a round GitHub shows only its workflow run. */
async function observeRound(reader: Reader, { defaultBranch, run }: Known): Promise<Seen> {
  const seenRun = run && (await observeRun(reader, run.runId, run.workflowRunId, run.lastSeenAt));
  const issue = { open: true, locked: false, title: "", body: "", bodyHash: "", labels: [], dependencies: [] };
  return { issue, defaultBranch, ...(seenRun ? { run: seenRun } : {}) };
}

/** The default branch's name and head. */
export async function observeDefaultBranch({ octokit, owner, repo }: Reader, name: string): Promise<Seen["defaultBranch"]> {
  const { data } = await octokit.rest.repos.getBranch({ owner, repo, branch: name });
  return { name, sha: Sha.parse(data.commit.sha) };
}
