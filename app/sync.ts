/** The corridor: observe → decide → store, for one subject. Webhooks, timers, reports and coordination all walk it. */
import { proposalsJob } from "./architect/jobs.ts";
import { brokenBefore, frozenBy } from "./blame.ts";
import type { Conductor } from "./conductor.ts";
import { decide } from "./decide.ts";
import { clock, conductor as conductorE, type Recorded, type Said } from "./domain/envelope.ts";
import { evolve } from "./domain/evolve.ts";
import { placeIn, type StreamId, type Subject } from "./domain/ids.ts";
import { type Issue, newIssue } from "./domain/issue.ts";
import type { Policy } from "./domain/policy.ts";
import { project } from "./domain/projection.ts";
import type { ConfigFile, SeenPullRequest } from "./domain/seen.ts";
import { stateOf } from "./domain/state.ts";
import { lookAt } from "./hear.ts";
import { knownRelease } from "./known-release.ts";
import { lessonsJob } from "./lessons-job.ts";
import { observe } from "./observe/observe.ts";
import { policyInForce } from "./policies.ts";
import { agentFitted, parseOverride } from "./policy/override.ts";
import { parsePolicy } from "./policy/parse.ts";
import type { Scene } from "./rules/rule.ts";
import type { NewEvent } from "./store/append.ts";
import type { JobRequest } from "./store/jobs.ts";
import type { Repository } from "./store/repositories.ts";
import type { Store } from "./store/store.ts";

/** Who loses the race for a version looks and decides again at once. */
const MOST_RACES = 20;

const CONFIG = ".github/rig.yml";

/** A burst of changes becomes one picture. */
const SHOW_AFTER_MS = 250;

export interface Recording {
  readonly result: "accepted" | "duplicate" | "rejected";
  readonly version?: number;
  readonly reason?: string;
}

/** What somebody says to an issue: facts, or an answer to what the issue is at that moment. */
export type Words = readonly Said[] | ((scene: Scene) => readonly Said[] | Promise<readonly Said[]>);

/** Looks at a subject and writes down what that means, together with what was said to it. `cause` is the delivery, job or run that brings it. */
export async function sync(conductor: Conductor, subject: Subject, cause: string, words: Words = []): Promise<Recording> {
  const { store, publicUrl } = conductor;
  for (let race = 0; race < MOST_RACES; race += 1) {
    const scene = await sceneOf(conductor, subject);
    const { subject: here, issue, version, now } = scene;
    const decision = decide(scene, typeof words === "function" ? await words(scene) : words, publicUrl());
    if ("refused" in decision) return { result: "rejected", version, reason: decision.refused };

    const { events, commands, wakeAt } = decision;
    const jobs = [...followUps(here, cause, decision.issue, issue, wakeAt), ...(await waitingFor(store, here, decision.issue, issue))];
    if (events.length === 0 && commands.length === 0) {
      await store.addJobs(jobs);
      return { result: "accepted", version };
    }
    const appended = await store.append({
      stream: subject.stream,
      expectedVersion: version,
      events: events.map((event) => written(event, now, cause, subject.stream)),
      projection: project(here, decision.issue, decision.why),
      commands: commands.map((command) => (command.kind === "SHOW" ? { ...command, delayMs: SHOW_AFTER_MS } : command)),
      jobs,
    });
    if (appended.result === "accepted") return { result: "accepted", version: appended.version };
    if (appended.result === "duplicate") return { result: "duplicate", version };
    if (appended.result === "taken") return { result: "rejected", version, reason: `the agent is taken by ${appended.by}` };
  }
  throw new Error(`${subject.stream} changed ${MOST_RACES} times while it was being looked at.`);
}

/** A subject's history and what the world shows of it, at this moment. */
export async function sceneOf(conductor: Conductor, subject: Subject): Promise<Scene> {
  const { store, github, config, memory, now } = conductor;
  const repository = await store.repository(subject.repositoryId);
  if (!repository)
    throw new Error(
      `Repository ${subject.repositoryId} of ${subject.stream} is not known: the coordination finds it when the App is installed there.`,
    );
  const { owner, name: repo, installationId, pausedBecause } = repository;
  const reader = { octokit: await github.installation(installationId), owner, repo, memory };
  const here = { ...subject, owner, repo, installationId };
  const [identities, { issue, version }, { policy, defaultBranch }] = await Promise.all([
    github.identities(),
    historyOf(store, subject.stream),
    policyInForce(conductor, reader, repository),
  ]);
  const effects = await store.effectsOf(subject.stream);
  const [run, release] = [await knownRun(store, issue), await knownRelease(conductor, issue, policy, effects)];
  const seen = await observe(reader, here, { issue, policy, defaultBranch, identities, ...run, ...(release ? { release } : {}) });
  const others = { candidates: store.unhealthyIssues, issueOf: async (stream: StreamId) => (await historyOf(store, stream)).issue };
  const earlier = await brokenBefore(others, reader, here, issue, policy);
  const frozen = await frozenBy({ ...others, candidates: store.issuesTakenBack }, reader, here, issue, policy);
  const unproved = issue.release.production.deployedAt && !issue.release.production.healthyAt;
  const lastVerified = unproved ? await store.lastVerified(subject.repositoryId) : undefined;
  const changed = configIn(seen.pullRequest, policy, conductor.characters);
  const labelled = seen.issue.trigger !== undefined && (issue.approval === undefined || issue.approval.stale);
  const filed = labelled ? await store.filedIssue(subject.repositoryId, subject.number) : undefined;
  return {
    ...{ subject: here, issue, version, seen, policy, effects, identities, cto: config.cto, now: now() },
    faults: faultsOf(repository, changed),
    ...(filed ? { filed } : {}),
    ...(changed.length > 0 ? { config: changed } : {}),
    ...(earlier.length > 0 ? { brokenBefore: earlier } : {}),
    ...(frozen ? { frozen } : {}),
    ...(lastVerified ? { lastVerified } : {}),
    ...(pausedBecause ? { paused: pausedBecause } : {}),
  };
}

/** The Rig's configuration as the pull request would have it, and what is wrong with it there. */
function configIn(pr: SeenPullRequest | undefined, policy: Policy, characters: Conductor["characters"]): readonly ConfigFile[] {
  return (pr?.changes.files ?? []).flatMap(({ path, head }) => {
    const agent = agentFitted(policy, path);
    if (head === undefined || (path !== CONFIG && agent === undefined)) return [];
    const parsed = agent === undefined ? parsePolicy(head) : parseOverride(head, characters?.get(agent));
    return [{ path, errors: "errors" in parsed ? parsed.errors : [] }];
  });
}

/** R14, R16: what keeps every gate from being green. What mends the configuration is not held up by it. */
function faultsOf({ drift, policyErrors }: Repository, changed: readonly ConfigFile[]): readonly string[] {
  const mends = changed.some(({ path, errors }) => path === CONFIG && errors.length === 0);
  const [first] = policyErrors ?? [];
  const invalid = `${CONFIG} on the default branch is not valid (line ${first?.line}: ${first?.message}): the last good one is in force, and nothing is green.`;
  return [...(drift ? [drift] : []), ...(first && !mends ? [invalid] : [])];
}

/** An event as the store takes it. Where GitHub does not know the time, it is the time of the look. */
export const written = ({ actor, at, ...event }: Said, now: Date, cause: string, stream: StreamId): NewEvent =>
  ({
    ...event,
    actor: actor ?? (cause.startsWith("timer:") ? clock : conductorE),
    occurredAt: at ?? now,
    causationId: cause,
    correlationId: stream,
  }) as NewEvent;

/** An issue's history, folded. */
export async function historyOf(
  store: Pick<Store, "readStream">,
  stream: StreamId,
): Promise<{ readonly issue: Issue; readonly version: number }> {
  return folded(await store.readStream(stream));
}

export const folded = (events: readonly Recorded[]): { readonly issue: Issue; readonly version: number } => ({
  issue: events.reduce((issue, event) => evolve(issue, event, event.occurredAt), newIssue),
  version: events.at(-1)?.version ?? 0,
});

async function knownRun(store: Store, issue: Issue) {
  const last = issue.runs.at(-1);
  const row = last && !last.fenced ? await store.run(last.runId) : undefined;
  if (!row) return {};
  return {
    run: {
      runId: row.runId,
      ...(row.workflowRunId ? { workflowRunId: row.workflowRunId } : {}),
      ...(row.lastSeenAt ? { lastSeenAt: row.lastSeenAt } : {}),
    },
  };
}

/** When to look again, whether somebody else may work now, and whether a milestone may be complete. */
function followUps(subject: Subject, cause: string, after: Issue, before: Issue, wakeAt: Date | undefined): readonly JobRequest[] {
  const { stream, repositoryId } = subject;
  const wake: JobRequest[] = wakeAt
    ? [{ task: "sync", payload: { stream, cause: "timer", ...placeIn(subject) }, key: `wake:${stream}`, runAt: wakeAt }]
    : [];
  const queueMoved =
    after.assignment !== before.assignment ||
    stateOf(after) !== stateOf(before) ||
    after.priority !== before.priority ||
    after.waiting !== before.waiting;
  const assign: JobRequest[] =
    queueMoved && !cause.startsWith("assign:") ? [{ task: "assign", payload: { repositoryId }, key: `assign:${repositoryId}` }] : [];
  const milestone = after.doneAt && !before.doneAt ? after.approval?.milestone : undefined;
  const complete: JobRequest[] = milestone
    ? [{ task: "milestone", payload: { repositoryId, milestone }, key: `milestone:${repositoryId}:${milestone}` }]
    : [];
  // What was just spoken about a head is judged with everything else that was said of it.
  const spoken: JobRequest[] =
    after.spoken.length > before.spoken.length
      ? [{ task: "sync", payload: { stream, cause: "spoken", ...placeIn(subject) }, key: `sync:${stream}`, keepRunAt: true }]
      : [];
  const over = after.round && stateOf(after) === "done" && stateOf(before) !== "done";
  const told: JobRequest[] = over ? [{ task: "round-over", payload: { stream }, key: `round-over:${stream}` }] : [];
  // The issue may be a proposal.
  const decided = after.approval?.approvedBy !== before.approval?.approvedBy ? [proposalsJob(repositoryId)] : [];
  const learns = (after.merged && !before.merged) || after.forgotten !== before.forgotten;
  return [...wake, ...assign, ...complete, ...spoken, ...told, ...(learns ? [lessonsJob(repositoryId, stream)] : []), ...decided];
}

/** Issues that wait for this one are looked at when it is done, and merges that wait for it when it is mended or given up. */
async function waitingFor(store: Store, subject: Subject, after: Issue, before: Issue): Promise<readonly JobRequest[]> {
  const { repositoryId, owner, repo, number } = subject;
  const mended = before.broken && (!after.broken || (before.approval && !after.approval));
  const letGo = before.takenBack && !after.takenBack;
  const blocked = mended || letGo ? await store.issuesInState(repositoryId, ["deploying"]) : [];
  return [...blocked.map((one) => lookAt(one, "mended")), ...(await dependingOn(store, `${owner}/${repo}#${number}`, after, before))];
}

async function dependingOn(store: Store, ref: string, after: Issue, before: Issue): Promise<readonly JobRequest[]> {
  if (!after.merged || (before.merged && !(after.doneAt && !before.doneAt))) return [];
  const waiting = await store.issuesWaitingOn(ref);
  return waiting.map(({ stream }) => ({ task: "sync", payload: { stream, cause: "dependency" }, key: `sync:${stream}`, keepRunAt: true }));
}
