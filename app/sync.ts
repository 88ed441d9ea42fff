/** The corridor: observe → decide → store, for one subject. Webhooks, timers, reports and coordination all walk it. */
import type { Conductor } from "./conductor.ts";
import { decide } from "./decide.ts";
import { clock, conductor as conductorE, type Recorded, type Said } from "./domain/envelope.ts";
import { evolve } from "./domain/evolve.ts";
import type { StreamId, Subject } from "./domain/ids.ts";
import { type Issue, newIssue } from "./domain/issue.ts";
import { project } from "./domain/projection.ts";
import { observe } from "./observe/observe.ts";
import { policyInForce } from "./policies.ts";
import type { Scene } from "./rules/rule.ts";
import type { NewEvent } from "./store/append.ts";
import type { JobRequest } from "./store/jobs.ts";
import type { Store } from "./store/store.ts";

/** Who loses the race for a version looks and decides again at once. */
const MOST_RACES = 20;

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
  const { store, github, publicUrl, config, now } = conductor;
  const repository = await store.repository(subject.repositoryId);
  if (!repository)
    throw new Error(
      `Repository ${subject.repositoryId} of ${subject.stream} is not known: the coordination finds it when the App is installed there.`,
    );
  const { owner, name: repo } = repository;
  const reader = { octokit: await github.installation(repository.installationId), owner, repo, memory: conductor.memory };
  const here = { ...subject, owner, repo, installationId: repository.installationId };
  const identities = await github.identities();

  for (let race = 0; race < MOST_RACES; race += 1) {
    const [{ issue, version }, { policy, defaultBranch }] = await Promise.all([
      historyOf(store, subject.stream),
      policyInForce(conductor, reader, repository),
    ]);
    const seen = await observe(reader, here, { issue, policy, defaultBranch, identities, ...(await knownRun(store, issue)) });
    const effects = await store.effectsOf(subject.stream);
    const at = now();
    const paused = repository.pausedBecause;
    const scene: Scene = {
      ...{ subject: here, issue, version, seen, policy, effects, identities, cto: config.cto, now: at },
      ...(paused ? { paused } : {}),
    };
    const decision = decide(scene, typeof words === "function" ? await words(scene) : words, publicUrl());
    if ("refused" in decision) return { result: "rejected", version, reason: decision.refused };

    const { events, commands, wakeAt } = decision;
    const jobs = followUps(here, cause, decision.issue, issue, wakeAt);
    if (events.length === 0 && commands.length === 0) {
      await store.addJobs(jobs);
      return { result: "accepted", version };
    }
    const appended = await store.append({
      stream: subject.stream,
      expectedVersion: version,
      events: events.map((event) => written(event, at, cause, subject.stream)),
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

/** An event as the store takes it. Where GitHub does not know the time, it is the time of the look. */
const written = ({ actor, at, ...event }: Said, now: Date, cause: string, stream: StreamId): NewEvent =>
  ({
    ...event,
    ...(event.type === "COMMAND_RECEIVED" ? { dedupeKey: `comment:${stream}:${event.data.commentId}` } : {}),
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

/** When to look again, and whether somebody else may work now. */
function followUps(subject: Subject, cause: string, after: Issue, before: Issue, wakeAt: Date | undefined): readonly JobRequest[] {
  const wake: JobRequest[] = wakeAt
    ? [{ task: "sync", payload: { stream: subject.stream, cause: "timer" }, key: `wake:${subject.stream}`, runAt: wakeAt }]
    : [];
  const queueMoved =
    after.assignment !== before.assignment ||
    after.approval !== before.approval ||
    after.merged !== before.merged ||
    after.escalation !== before.escalation;
  const assign: JobRequest[] =
    queueMoved && !cause.startsWith("assign:")
      ? [{ task: "assign", payload: { repositoryId: subject.repositoryId }, key: `assign:${subject.repositoryId}` }]
      : [];
  return [...wake, ...assign];
}
