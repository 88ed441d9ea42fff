/** Random histories of issues, people's pull requests and incidents in several repositories, appended as the app appends. */
import { conductor } from "../../app/domain/envelope.ts";
import type { EventData, EventType, RigEvent } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { IssueNumber, incidentStream, issueStream, RepositoryId, Sha, type Subject } from "../../app/domain/ids.ts";
import { type Issue, newIssue } from "../../app/domain/issue.ts";
import { project } from "../../app/domain/projection.ts";
import type { Store } from "../../app/store/store.ts";

export type Timed = readonly [at: Date, event: RigEvent];

const HOUR = 3_600_000;

/** The first moment after the window that is asked for, and the first of it. */
export const end = Date.parse("2026-11-22T00:00:00Z");
export const begin = Date.parse("2026-11-08T00:00:00Z");
export const window = { from: "2026-11-08", to: "2026-11-21" } as const;

export const repositories = [
  { id: 1, owner: "acme", name: "shop" },
  { id: 2, owner: "acme", name: "till" },
  { id: 3, owner: "bolt", name: "nuts" },
].map((one) => ({ ...one, installationId: 7, defaultBranch: "main", private: true }));

/** Chance that is the same each time for a seed. */
export function chanceOf(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    upTo: (most: number) => Math.floor(next() * most),
    often: (share: number) => next() < share,
  };
}
type Chance = ReturnType<typeof chanceOf>;

export const said = <T extends EventType>(type: T, data: object): RigEvent => ({ type, data: data as EventData<T> }) as RigEvent;
export const shaOf = (n: number): Sha => Sha.parse(n.toString(16).padStart(40, "0"));

const approved = said("ISSUE_APPROVED", {
  ...{ title: "Tip", body: "Please.", bodyHash: "b", priority: "normal", dependsOn: [], approvedBy: "mona", actId: "1" },
});
const opened = (prNumber: number, headSha: Sha, more: object) =>
  said("PR_CREATED", { prNumber, prUrl: "https://github.example/pr", branch: "rig/1", headSha, ...more });
const gate = (type: "HUMAN_GATE_TRIGGERED" | "HUMAN_GATE_APPROVED", prNumber: number, headSha: Sha) =>
  type === "HUMAN_GATE_TRIGGERED"
    ? said(type, { prNumber, headSha, gate: "schema", evidence: [], approvers: ["mona"] })
    : said(type, { prNumber, headSha, gate: "schema", by: "mona", reviewId: 1 });
const failed = (environment: string, sha: Sha, cause: string) =>
  said("SMOKE_FAILED", { environment, sha, failed: [], retry: 1, maxRetries: 3, cause });
const verified = (sha: Sha) => said("VERIFIED", { environment: "production", sha, probes: [] });

export interface Written {
  /** Merges that came to production, and where their history stands. */
  readonly merges: { readonly sha: Sha; readonly at: number; readonly subject: Subject }[];
  nth: number;
}

/** A deployment that several merges of a repository may come with. */
interface Shared {
  readonly id: number;
  readonly at: number;
}

/** One issue, or one person's pull request, from its approval to wherever chance leaves it. */
export function life(chance: Chance, written: Written, subject: Subject, human: boolean, shared: Map<number, Shared>): readonly Timed[] {
  const { nth } = written;
  const told: Timed[] = [];
  // So that some deployments fall on the borders themselves.
  let at = begin - 5 * 24 * HOUR + chance.upTo(24 * 24) * HOUR;
  const say = (event: RigEvent, wait = chance.upTo(180) * 60_000) => {
    at += wait;
    told.push([new Date(at), event]);
  };
  const pr = nth + 1000;
  const head = shaOf(nth * 16 + 1);
  const commit = chance.often(0.5) ? { firstCommitAt: new Date(at - HOUR + chance.upTo(600) * 60_000).toISOString() } : {};
  if (human) {
    say(
      said("PR_WATCHED", {
        ...{ prNumber: pr, prUrl: "https://github.example/pr", branch: "tip", base: "main" },
        headSha: head,
        title: "Tip",
        by: "jonas",
        ...commit,
      }),
    );
  } else {
    say(approved);
    if (chance.often(0.2)) say(said("ISSUE_APPROVED", { ...(approved.data as object), actId: "2" }));
    say(
      said("ISSUE_ASSIGNED", { agentId: `dev-e-${nth + 1}`, attempt: 1, branch: "rig/1", runId: "00000000-0000-4000-8000-000000000001" }),
    );
    if (chance.often(0.9)) say(opened(pr, head, commit));
  }
  if (chance.often(0.4)) {
    say(gate("HUMAN_GATE_TRIGGERED", pr, head));
    if (chance.often(0.8)) say(gate("HUMAN_GATE_APPROVED", pr, head));
  }
  for (let merge = 1; merge <= 3; merge++) {
    const mergeSha = shaOf(nth * 16 + 1 + merge);
    if (merge > 1) say(opened(pr + merge, mergeSha, {}));
    say(said("MERGED", { prNumber: pr, headSha: head, mergeSha, mergedBy: "mona" }));
    if (chance.often(0.2)) say(failed("staging", mergeSha, "code"));
    if (chance.often(0.2)) say(said("DEPLOY_CANCELLED", { environment: "production", sha: mergeSha }));
    if (chance.often(0.15)) break;
    for (let times = chance.often(0.2) ? 2 : 1; times > 0; times--) deployed(mergeSha);
    written.merges.push({ sha: mergeSha, at, subject });
    if (human) break;
    if (chance.often(0.15)) say(failed("production", mergeSha, "external_dependency"));
    if (chance.often(0.12)) {
      say(said("ROLLBACK_REQUESTED", { by: "cto", fromSha: mergeSha, toSha: head }));
      if (chance.often(0.7)) say(said("ROLLED_BACK", { by: "cto", fromSha: mergeSha, toSha: head }));
      break;
    }
    if (!chance.often(0.3)) {
      if (chance.often(0.9)) say(verified(mergeSha));
      if (chance.often(0.9))
        say(said("ISSUE_DONE", { durationMinutes: 5, attempts: 1, usd: chance.upTo(900) / 100, humanWaitMinutes: chance.upTo(300) }), 0);
      break;
    }
    say(failed("production", mergeSha, "code"));
  }
  written.nth += 1;
  return told;

  function deployed(sha: Sha) {
    const before = shared.get(subject.repositoryId);
    at += chance.upTo(48) * HOUR;
    // Midnight, and a millisecond on either side of it.
    if (chance.often(0.2)) at = Math.ceil(at / (24 * HOUR)) * 24 * HOUR + chance.upTo(3) - 1;
    const joins = before && before.at <= at && at - before.at < 40 * HOUR && chance.often(0.5);
    const deploymentId = joins ? before.id : nth * 10 + told.length;
    if (!joins) shared.set(subject.repositoryId, { id: deploymentId, at });
    const flux = !joins && chance.often(0.15);
    if (flux) shared.delete(subject.repositoryId);
    say(
      said("DEPLOYED_PRODUCTION", {
        environment: "production",
        sha,
        url: "",
        ...(flux ? { appliedSha: shaOf(deploymentId) } : { deploymentId }),
      }),
      0,
    );
    // The same deployment, told of again.
    if (chance.often(0.1))
      say(
        said("DEPLOYED_PRODUCTION", {
          environment: "production",
          sha,
          url: "",
          ...(flux ? { appliedSha: shaOf(deploymentId) } : { deploymentId }),
        }),
      );
  }
}

export const subjectAt = ({ id, owner, name }: (typeof repositories)[number], number: number): Subject => ({
  stream: issueStream(owner, name, number),
  installationId: 7,
  repositoryId: RepositoryId.parse(id),
  owner,
  repo: name,
  number: IssueNumber.parse(number),
});

/** Appends a subject's history with what it adds up to. */
export async function append(store: Store, subject: Subject, told: readonly Timed[]): Promise<void> {
  const issue = told.reduce<Issue>((before, [at, event]) => evolve(before, event, at), newIssue);
  await tell(store, subject.stream, told, project(subject, issue, "why"));
}

/** One thing that goes wrong, once or twice, and is laid at a merge's door, or at nobody's. */
export async function incident(chance: Chance, store: Store, written: Written, fixes: Subject | undefined): Promise<void> {
  const fingerprint = written.nth.toString(16).padStart(16, "0");
  written.nth += 1;
  const blamed = chance.often(0.8) ? written.merges[chance.upTo(written.merges.length)] : undefined;
  if (!blamed) return;
  const told: Timed[] = [];
  let at = blamed.at;
  for (let nth = 1; nth <= (chance.often(0.3) ? 2 : 1); nth++) {
    at += chance.upTo(30) * HOUR - (chance.often(0.1) ? 60 * HOUR : 0);
    const suspects = [blamed.sha, ...(chance.often(0.5) ? [shaOf(1)] : [])].map((sha) => ({ sha, deployedAt: new Date(at).toISOString() }));
    if (chance.often(0.2)) suspects.reverse();
    const what = { severity: "critical", service: "shop", signal: "5xx", source: "probe", summary: "It is down." };
    told.push([new Date(at), said("INCIDENT_DETECTED", { fingerprint, ...what, startedAt: new Date(at).toISOString(), suspects, nth })]);
    if (fixes && nth === 1) {
      const url = `https://github.example/${fixes.owner}/${fixes.repo}/issues/${fixes.number}`;
      told.push([new Date(at), said("INCIDENT_FILED", { fingerprint, issueNumber: fixes.number, url, bodyHash: "b" })]);
    }
    at += chance.upTo(20) * HOUR;
    if (nth === 2 || chance.often(0.8)) told.push([new Date(at), said("INCIDENT_RESOLVED", { fingerprint, durationMinutes: 1 })]);
  }
  await store.noteIncident(fingerprint, blamed.subject.repositoryId, true, 0);
  await tell(store, incidentStream(fingerprint), told);
}

async function tell(
  store: Store,
  stream: Subject["stream"],
  told: readonly Timed[],
  projection?: ReturnType<typeof project>,
): Promise<void> {
  const appended = await store.append({
    stream,
    expectedVersion: 0,
    events: told.map(([occurredAt, event]) => ({ ...event, occurredAt, actor: conductor, causationId: "test", correlationId: stream })),
    ...(projection ? { projection } : {}),
  });
  if (appended.result !== "accepted") throw new Error(`${stream} was not appended: ${appended.result}.`);
}
