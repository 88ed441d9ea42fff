import pg from "pg";
import type { Command, PlannedCommand } from "../../app/domain/commands.ts";
import { conductor } from "../../app/domain/envelope.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { AgentId, IssueNumber, issueStream, RepositoryId, runIdFor, Sha, type Subject } from "../../app/domain/ids.ts";
import { type Issue, newIssue } from "../../app/domain/issue.ts";
import { type IssueProjection, project } from "../../app/domain/projection.ts";
import type { NewEvent } from "../../app/store/append.ts";
import { type Database, openDatabase } from "../../app/store/database.ts";
import type { Told } from "../../app/store/rebuild.ts";
import { createStore, type Store } from "../../app/store/store.ts";
import { createTestDatabase } from "../support/postgres.ts";

export interface TestStore {
  readonly database: Database;
  readonly store: Store;
  readonly url: string;
  close(): Promise<void>;
}

/** A store on a fresh database. */
export async function openTestStore(poolSize = 10): Promise<TestStore> {
  const { url, close } = await createTestDatabase();
  const database = await openDatabase({ databaseUrl: url, poolSize });
  return {
    database,
    store: createStore(database.pool),
    url,
    async close() {
      await database.close();
      await close();
    },
  };
}

export const sha = (digit: string): Sha => Sha.parse(digit.repeat(40));

export const subject = (number: number, repositoryId = 1): Subject => ({
  stream: issueStream("acme", "shop", number),
  installationId: 7,
  repositoryId: RepositoryId.parse(repositoryId),
  owner: "acme",
  repo: "shop",
  number: IssueNumber.parse(number),
});

type Envelope = Pick<NewEvent, "actor" | "occurredAt" | "causationId" | "correlationId" | "dedupeKey">;

export const said = (event: RigEvent, more: Partial<Envelope> = {}): NewEvent => ({
  actor: conductor,
  causationId: "test",
  correlationId: "test",
  ...event,
  ...more,
});

/** Any event that needs nothing before it. */
export const stale = (newHash = "h", more: Partial<Envelope> = {}): NewEvent =>
  said({ type: "APPROVAL_STALE", data: { changedBy: "mona", newHash } }, more);

export const approved = (priority: "critical" | "high" | "normal" = "normal", title = "Tip the waiter"): RigEvent => ({
  type: "ISSUE_APPROVED",
  data: { title, body: "Please.", bodyHash: "b", priority, dependsOn: [], approvedBy: "mona", actId: "1" },
});

/** An agent has the issue and a run was asked for: two events, as versions `version` and `version + 1`. */
export function assigned(of: Subject, agent: string, version: number): RigEvent[] {
  const runId = runIdFor(of.stream, version);
  const agentId = AgentId.parse(agent);
  return [
    { type: "ISSUE_ASSIGNED", data: { agentId, attempt: 1, branch: `rig/${of.number}-tip-1`, runId } },
    {
      type: "RUN_REQUESTED",
      data: {
        runId,
        agent: "dev-e",
        agentId,
        kind: "implement",
        attempt: 1,
        branch: `rig/${of.number}-tip-1`,
        baseSha: sha("a"),
        findings: [],
      },
    },
  ];
}

const at = new Date("2026-11-22T09:00:00Z");

export const folded = (of: Subject, events: readonly (RigEvent & { readonly occurredAt?: Date | undefined })[]): IssueProjection =>
  project(
    of,
    events.reduce<Issue>((issue, event) => evolve(issue, event, event.occurredAt ?? at), newIssue),
    `It has ${events.length} events.`,
  );

export const foldRecorded = (events: readonly Told[]): IssueProjection | undefined => {
  const number = Number(events[0]?.stream.split("#")[1]);
  return number ? folded(subject(number), events) : undefined;
};

/** Appends issue events with what they add up to, as the app does. */
export async function tell(store: Store, of: Subject, events: readonly RigEvent[], commands: readonly PlannedCommand[] = []) {
  const before = await store.readStream(of.stream);
  const news = events.map((event) => said(event, { occurredAt: at }));
  return store.append({
    stream: of.stream,
    expectedVersion: before.length,
    events: news,
    projection: folded(of, [...before, ...news]),
    commands,
  });
}

export const planned = (key: string, command: Command, lane?: string): PlannedCommand => ({
  key,
  ...command,
  ...(lane !== undefined && { lane }),
});

export const notify = (key: string, lane?: string): PlannedCommand =>
  planned(
    key,
    { kind: "NOTIFY", data: { channel: "admin", message: { title: key, color: 0, description: "", fields: [], mentions: [] } } },
    lane,
  );

export const show = (key: string, lane: string): PlannedCommand =>
  planned(key, { kind: "SHOW", data: { hash: key, rendering: { surface: "labels", number: 1, family: "rig:" } } }, lane);

/** Does what only the owner of the database may. */
export async function asOwner({ url }: Pick<TestStore, "url">, statements: string): Promise<void> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    await owner.query(statements);
  } finally {
    await owner.end();
  }
}

export async function jobKeys({ database }: TestStore): Promise<string[]> {
  const { rows } = await database.pool.query<{ key: string }>("select key from graphile_worker.jobs where key is not null order by key");
  return rows.map(({ key }) => key);
}

/** Waits until something holds; the test's own time-out is the end of it. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
