/** The third, small corridor: observe → decide → append, for one thing that goes wrong in production. */
import type { Conductor } from "./conductor.ts";
import { decideIncident, type IncidentDecision } from "./decide-incident.ts";
import type { Said } from "./domain/envelope.ts";
import { incidentStream } from "./domain/ids.ts";
import { type Incident, incidentOf } from "./domain/incident.ts";
import type { Policy } from "./domain/policy.ts";
import type { Signal } from "./domain/signal.ts";
import { REPORTED_WITHIN_MS, suspectsOf } from "./domain/suspects.ts";
import { lookAt, subjectFor } from "./hear.ts";
import { orNothing } from "./observe/github.ts";
import { lastGood } from "./policies.ts";
import { mentionsOf } from "./reactions/people.ts";
import type { JobRequest } from "./store/jobs.ts";
import type { Repository } from "./store/repositories.ts";
import { written } from "./sync.ts";

const MOST_RACES = 20;

/** Looks at an incident and writes down what that means, together with what was said to it. */
export async function syncIncident(conductor: Conductor, fingerprint: string, cause: string, said: readonly Said[] = []): Promise<void> {
  const { store, now } = conductor;
  const stream = incidentStream(fingerprint);
  for (let race = 0; race < MOST_RACES; race += 1) {
    const [history, signal] = await Promise.all([store.readStream(stream), store.signal(fingerprint)]);
    const incident = incidentOf(history);
    const repositoryId = signal?.repositoryId ?? incident?.repositoryId;
    const repository = repositoryId === undefined ? undefined : await store.repository(repositoryId);
    if (!repository) return;
    const version = history.length;
    const policy = lastGood(repository);
    const at = now();
    const scene = {
      ...(incident ? { incident } : {}),
      ...(signal ? { signal } : {}),
      ...(await asItBegins(conductor, repository, policy, incident, signal)),
      ...{ effects: await store.effectsOf(stream), policy: policy.monitor, now: at },
    };
    const { cto } = conductor.config;
    const mayAct = policy.mode === "active" && repository.pausedBecause === null;
    const crowded = !incident?.issue && (await store.filedIncidents(repository.id, stream)) >= policy.monitor.mostIssues;
    const place = { fingerprint, version, repository: `${repository.owner}/${repository.name}`, policy, mayAct, crowded, cto };
    const decision = decideIncident(scene, { ...place, mentions: mentionsOf(policy, cto) }, said);
    const { events, commands } = decision;
    const jobs = [...wakeOf(fingerprint, decision), ...(await followUps(conductor, repository, policy, decision, cause))];
    if (events.length === 0 && commands.length === 0) return store.addJobs(jobs);
    // Its place has to be known before anything follows from it.
    if (decision.incident?.open) await store.noteIncident(fingerprint, repository.id, true, version);
    const appended = await store.append({
      stream,
      expectedVersion: version,
      events: events.map((event) => written(event, at, cause, stream)),
      commands,
      jobs,
    });
    if (appended.result === "duplicate") return;
    if (appended.result !== "accepted") continue;
    if (decision.incident) await store.noteIncident(fingerprint, repository.id, decision.incident.open, appended.version);
    return;
  }
  throw new Error(`${stream} changed ${MOST_RACES} times while it was being looked at.`);
}

/** What is asked only where an incident may begin: who may be at fault, and whether its issue of before is still open. */
async function asItBegins(conductor: Conductor, repository: Repository, policy: Policy, incident?: Incident, signal?: Signal) {
  if (!signal?.firing || incident?.open) return { suspects: [], issueOpen: false };
  const { since } = signal;
  const from = new Date(since.getTime() - policy.monitor.suspects);
  const deployed = await conductor.store.deployedBetween(repository.id, from, new Date(since.getTime() + REPORTED_WITHIN_MS));
  const issueOpen = incident?.issue ? await isOpen(conductor, repository, incident.issue.number) : false;
  return { suspects: suspectsOf(deployed, since), issueOpen };
}

async function isOpen({ github }: Conductor, { installationId, owner, name: repo }: Repository, issue_number: number): Promise<boolean> {
  const octokit = await github.installation(installationId);
  const found = await orNothing(octokit.rest.issues.get({ owner, repo, issue_number }));
  return found?.data.number === issue_number && found.data.state === "open";
}

const wakeOf = (fingerprint: string, { wakeAt }: IncidentDecision): readonly JobRequest[] =>
  wakeAt ? [{ task: "incident", payload: { fingerprint, cause: "timer" }, key: `wake:incident:${fingerprint}`, runAt: wakeAt }] : [];

/** Once it has its issue: the issue is looked at where our own label hands it over, which no webhook tells us; and Monitor-E looks for the cause. */
async function followUps(
  { store }: Conductor,
  repository: Repository,
  { mode, monitor }: Policy,
  { events, incident }: IncidentDecision,
  cause: string,
): Promise<readonly JobRequest[]> {
  const filed = events.find((event) => event.type === "INCIDENT_FILED");
  if (!filed || !incident || mode !== "active") return [];
  const subject = monitor.autoReady ? await subjectFor(store, repository.id, filed.data.issueNumber) : undefined;
  return [...(subject ? [lookAt(subject, cause)] : []), ...(monitor.diagnose ? [diagnosisJob(repository.id, incident)] : [])];
}

function diagnosisJob(repositoryId: number, { fingerprint, nth }: Incident): JobRequest {
  const key = `${fingerprint}-${nth}`;
  return {
    task: "round",
    payload: { repositoryId, agent: "monitor-e", kind: "diagnose", key, incident: fingerprint, by: "rig" },
    key: `round:monitor-e:${repositoryId}:${key}`,
  };
}
