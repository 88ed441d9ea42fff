/** Production deployments, and what became of each, out of the histories of issues, people's pull requests and incidents. */
import { incidentFailures, rework } from "./incidents.ts";
import { byStream, type Told } from "./told.ts";

/** Whose change it is: an agent did the issue, or the Rig only watched a person's pull request. */
export type Maker = "agent" | "human";

/** A merge that a deployment brought to production for the first time. */
export interface Change {
  readonly by: Maker;
  /** When its first commit was made, or else when its pull request was opened. */
  readonly begun?: Date;
}

export interface Failure {
  /** Whose change was at fault. */
  readonly by: Maker;
  readonly at: Date;
  readonly recovered?: Date;
}

export interface Deployment {
  readonly repo: string;
  /** When it was first seen to have succeeded. */
  readonly at: Date;
  readonly makers: ReadonlySet<Maker>;
  readonly changes: readonly Change[];
  readonly failures: readonly Failure[];
  /** Whose fixes of what had failed in production it brought. */
  readonly fixes: ReadonlySet<Maker>;
}

/** One DEPLOYED_PRODUCTION: a deployment as one stream tells of it. */
export interface Arrival {
  readonly id: string;
  readonly repo: string;
  readonly stream: string;
  readonly sha: string;
  readonly at: Date;
  readonly by: Maker;
  readonly change?: Change;
  readonly failures: readonly Failure[];
  readonly fix: boolean;
}

/** Every deployment, however many streams tell of it and however often. */
export function deploymentsOf(told: readonly Told[]): readonly Deployment[] {
  const streams = byStream(told);
  const fixesIncident = rework(told);
  const arrivals = [...streams].flatMap(([stream, events]) => arrivalsOf(events, fixesIncident(stream)));
  const blamed = incidentFailures(streams, arrivals);
  const groups = Map.groupBy(arrivals, ({ repo, id }) => `${repo} ${id}`);
  return [...groups.values()].map((group) => ({
    repo: group[0]?.repo ?? "",
    at: new Date(Math.min(...group.map(({ at }) => at.getTime()))),
    makers: new Set(group.map(({ by }) => by)),
    changes: group.flatMap(({ change }) => change ?? []),
    failures: group.flatMap((arrival) => [...arrival.failures, ...(blamed.get(arrival) ?? [])]),
    fixes: new Set(group.flatMap(({ fix, by }) => (fix ? [by] : []))),
  }));
}

/** The deployments that one stream tells of, each once for each merge. */
function arrivalsOf(events: readonly Told[], fixesIncident: boolean): readonly Arrival[] {
  const by: Maker = events.some(({ type }) => type === "PR_WATCHED") ? "human" : "agent";
  const arrivals = new Map<string, Arrival>();
  let last: string | undefined;
  let opened: Date | undefined;
  let merges = 0;
  let merged: { readonly begun?: Date } | undefined;
  let failed = false;
  let fix = fixesIncident;
  for (const [nth, event] of events.entries()) {
    const { type, at, repo, stream, data } = event;
    if (type === "PR_CREATED" || type === "PR_WATCHED") opened = begunAt(data.firstCommitAt, at);
    if (type === "MERGED") {
      merges += 1;
      merged = opened ? { begun: opened } : {};
      fix ||= failed;
      opened = undefined;
    }
    if (type === "DEPLOYED_PRODUCTION") {
      const id = String(data.deploymentId ?? data.appliedSha ?? data.sha);
      last = `${id} ${merges}`;
      const change = merged && { change: { by, ...merged } };
      if (!arrivals.has(last)) arrivals.set(last, { ...{ id, repo, stream, sha: data.sha, at, by, failures: [], fix }, ...change });
      // The same merge may be deployed again: it has come to production only once.
      merged = undefined;
    }
    const arrival = last === undefined ? undefined : arrivals.get(last);
    if (last === undefined || !arrival || !needsIntervention(event)) continue;
    failed ||= type === "SMOKE_FAILED";
    arrivals.set(last, { ...arrival, failures: [...arrival.failures, { by, at, ...recovery(events.slice(nth + 1)) }] });
  }
  return [...arrivals.values()];
}

/** A commit's time is what its maker's clock said: one after the pull request was opened is none. */
const begunAt = (firstCommitAt: string | undefined, opened: Date): Date => {
  const committed = firstCommitAt === undefined ? opened : new Date(firstCommitAt);
  return committed < opened ? committed : opened;
};

/** What fails without the code's fault, and what was cancelled, is no failure of the change. */
const needsIntervention = (event: Told): boolean =>
  event.type === "ROLLBACK_REQUESTED" ||
  (event.type === "SMOKE_FAILED" && event.data.environment === "production" && event.data.cause === "code");

function recovery(later: readonly Told[]): { readonly recovered?: Date } {
  const end = later.find((event) => event.type === "ROLLED_BACK" || (event.type === "VERIFIED" && event.data.environment === "production"));
  return end ? { recovered: end.at } : {};
}
