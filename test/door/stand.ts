import { randomUUID } from "node:crypto";
import { conductor, type Said } from "../../app/domain/envelope.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { AgentId, IssueNumber, issueStream, RepositoryId, RunId, Sha, type Subject } from "../../app/domain/ids.ts";
import { type Issue, newIssue } from "../../app/domain/issue.ts";
import { Policy } from "../../app/domain/policy.ts";
import { project } from "../../app/domain/projection.ts";
import { oidcVerifier } from "../../app/door/oidc.ts";
import type { Desk } from "../../app/door/runs/desk.ts";
import { type DoorDeps, startDoor } from "../../app/door/server.ts";
import { createLog } from "../../app/log.ts";
import { openDatabase } from "../../app/store/database.ts";
import { createStore, type Store } from "../../app/store/store.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { appId, previousSecret, secret } from "./delivery.ts";
import { startIssuer } from "./issuer.ts";

export const baseSha = Sha.parse("b".repeat(40));
export const headSha = Sha.parse("c".repeat(40));
/** An instance of its own for each issue: an instance has one issue at a time. */
export const agentOf = (number: number) => AgentId.parse(`dev-e-${number}`);
export const place = { id: 7001, owner: "octo", name: "tea", defaultBranch: "main", installationId: 99, private: true };
export const character = {
  name: "Dev-E",
  role: "developer",
  bio: "Owns an issue.",
  personality: [],
  lore: [],
  style: [],
  mcpServers: {},
  memory: { lessons: 20, propose: true },
  tools: ["read"],
  llm: { engine: "anthropic", model: "claude-sonnet-4-5", maxTokens: 1000, cache: "5m" },
  limits: { turns: 20, minutes: 30, usd: 4 },
  prompts: {},
} satisfies NonNullable<Awaited<ReturnType<Desk["character"]>>>["character"];

export type Stand = Awaited<ReturnType<typeof startStand>>;

/** A door on a database of its own, with an issuer and the least of an app behind it: words are appended as they are said. */
export async function startStand(
  change: { deps?: Partial<DoorDeps>; desk?: Partial<Desk>; policy?: object; more?: (store: Store) => NonNullable<DoorDeps["more"]> } = {},
) {
  const testDatabase = await createTestDatabase();
  const database = await openDatabase({ databaseUrl: testDatabase.url });
  const store = createStore(database.pool);
  const issuer = await startIssuer();
  const policy = Policy.parse(change.policy ?? {});
  const lines: string[] = [];
  const log = createLog({ level: "debug", redact: (text) => text, to: { write: (line: string) => void lines.push(line) } });
  const history = historyOf(store, change.desk?.now ?? (() => new Date()));
  const minted: Parameters<Desk["mintToken"]>[0][] = [];
  const desk: Omit<Desk, "publicUrl" | "log" | "countRejected"> = {
    store,
    record: history.record,
    issueOf: history.issueOf,
    policyOf: async () => policy,
    character: async () => ({ character }),
    mintToken: async (wanted) => {
      minted.push(wanted);
      return {
        token: `ghs_${"t".repeat(40)}`,
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        identity: { appId: 7, userId: 900 },
      };
    },
    admit: async (actor, _repositoryId, issue) =>
      actor.login === "anna" ? { runId: randomUUID() } : { why: `${actor.login} may not start #${issue}.` },
    startRound: async ({ actor, event }, _repositoryId, agent, issue) =>
      actor.login === "anna" || event === "schedule"
        ? { runId: randomUUID() }
        : { why: `${actor.login} may not start ${agent} on ${issue}.` },
    verifyOidc: oidcVerifier(issuer.issuer, () => new Date()),
    now: () => new Date(),
    githubUrl: "https://github.example",
    ...change.desk,
  };
  const clear = async () => {
    await issuer.close();
    await database.close();
    await testDatabase.close();
  };
  const door = await startDoor({
    host: "127.0.0.1",
    port: 0,
    metricsPort: 0,
    webhooks: { secrets: [secret, previousSecret], appIds: [appId], store: store.storeDelivery },
    checks: { database: async () => {}, migrations: async () => {}, worker: async () => {} },
    desk,
    upstream: { baseUrl: "http://127.0.0.1:9", apiKey: "unused" },
    redact: (text) => text,
    log,
    ...(change.more && { more: change.more(store) }),
    ...change.deps,
  }).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  return {
    url: door.url,
    door,
    store,
    pool: database.pool,
    issuer,
    lines,
    minted,
    history,
    claims,
    async close() {
      await door.close(500);
      await clear();
    },
  };
}

/** The claims of a run of dev-e's workflow on the default branch. */
const claims = (change: object = {}) => ({
  repository: `${place.owner}/${place.name}`,
  repository_id: String(place.id),
  workflow_ref: `${place.owner}/${place.name}/.github/workflows/dev-e.yml@refs/heads/main`,
  run_id: "5001",
  run_attempt: "1",
  actor: "anna",
  actor_id: "11",
  ...change,
});

export const subjectOf = (number: number): Subject => ({
  stream: issueStream(place.owner, place.name, number),
  installationId: place.installationId,
  repositoryId: RepositoryId.parse(place.id),
  owner: place.owner,
  repo: place.name,
  number: IssueNumber.parse(number),
});

/** An approved issue with a run asked for; answers the run's id. */
export async function askForRun({ store, history }: Pick<Stand, "store" | "history">, number: number, change: object = {}): Promise<RunId> {
  await store.upsertRepository(place);
  const runId = RunId.parse(randomUUID());
  const branch = `rig/${number}-tea-1`;
  const own = agentOf(number);
  await history.record(
    subjectOf(number),
    [
      {
        type: "ISSUE_APPROVED",
        data: {
          title: "Brew tea",
          body: "Please.\u202eNow.",
          bodyHash: "h",
          priority: "normal",
          dependsOn: [],
          approvedBy: "anna",
          actId: "1",
        },
      },
      { type: "ISSUE_ASSIGNED", data: { agentId: own, attempt: 1, branch, runId } },
      {
        type: "RUN_REQUESTED",
        data: {
          runId,
          agent: "dev-e",
          agentId: own,
          kind: "implement",
          attempt: 1,
          branch,
          baseSha,
          findings: [{ by: "ci", text: "lint" }],
          ...change,
        },
      },
    ],
    "test",
  );
  return runId;
}

function historyOf(store: Store, now: () => Date) {
  const issueOf = async (stream: string): Promise<Issue> => {
    const events = await store.readStream(stream);
    return events.reduce((issue, event) => evolve(issue, event, event.occurredAt), newIssue);
  };
  const record = async (subject: Subject, said: readonly Said[], causationId: string) => {
    const before = await store.readStream(subject.stream);
    const issue = [...before.map((event) => ({ event, at: event.occurredAt })), ...said.map((event) => ({ event, at: now() }))].reduce(
      (folded, { event, at }) => evolve(folded, event, at),
      newIssue,
    );
    const appended = await store.append({
      stream: subject.stream,
      expectedVersion: before.length,
      events: said.map((event) => ({
        ...event,
        actor: event.actor ?? conductor,
        occurredAt: now(),
        causationId,
        correlationId: subject.stream,
      })),
      projection: project(subject, issue, "A test."),
    });
    if (appended.result !== "accepted") return { result: "rejected" as const, reason: appended.result };
    return { result: "accepted" as const, version: appended.version };
  };
  return { issueOf, record };
}
