import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionsStore, Runner } from "../actions.ts";
import { openActionsStore } from "./actions/store.ts";
import { type InstallationActs, type IssueActs, namedRepository, openActs, type RepositoryActs } from "./acts.ts";
import { comesFrom, pressCheckButton, readyForReview } from "./acts-without-rest.ts";
import { openCallBook } from "./call-book.ts";
import { openContract } from "./contract/contract.ts";
import { loadDefinition } from "./contract/definition.ts";
import { type FaultBook, openFaultBook } from "./faults.ts";
import { openRouter } from "./http/router.ts";
import { attach, listen, stop } from "./http/server.ts";
import { openOidcIssuer } from "./oidc.ts";
import { addUser, createApp, createUser, findApp, install, type NewApp } from "./people.ts";
import { holdMerges } from "./pulls/merge-async.ts";
import { createRepository, headShaOf, type NewRepository, writeHooks } from "./repositories/create.ts";
import { type PushedFiles, pushFiles } from "./repositories/push.ts";
import { endpoints, webhookEvents } from "./rest/table.ts";
import type { App } from "./state/people.ts";
import type { BranchRules, Role } from "./state/repository.ts";
import { type Deliveries, openDeliveries } from "./webhooks/deliveries.ts";
import { nextId, nowIso, type Violation, type World, type Write } from "./world.ts";

export interface GitHubOptions {
  readonly latencyMs?: number;
  readonly now?: () => Date;
  /** How many entries a recursive tree names; 100,000 unless told, as at GitHub. */
  readonly mostTreeEntries?: number;
}

export interface CreatedRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly headSha: string;
  readonly gitDir: string;
  readonly cloneUrl: string;
}

/** What GitHub counted against an installation's hour, or everybody's; an answer 304 is not counted. */
export interface CountedCalls {
  counted(installationId?: number): number;
  countedGraphql(installationId?: number): number;
  reset(): void;
}

/** The stand-in GitHub. People and Apps use it over HTTP; what stands here is for setting up and for looking on. */
export interface GitHub extends InstallationActs, RepositoryActs, IssueActs {
  readonly origin: string;
  readonly apiUrl: string;
  readonly oidcIssuer: string;
  readonly actions: ActionsStore;
  useRunner(runner: Runner): void;
  createUser(login: string): { readonly login: string; readonly id: number; readonly token: string };
  createOrganization(login: string): { readonly login: string; readonly id: number };
  createApp(app: NewApp): ReturnType<typeof createApp>;
  setWebhookUrl(appId: number, url: string): void;
  install(appId: number, owner: string, repositories: readonly string[]): { readonly installationId: number };
  createRepository(repository: NewRepository): Promise<CreatedRepository>;
  setRules(repository: string, rules: BranchRules): void;
  /** Merges that are asked for in the background wait until the answer is called. */
  holdMerges(): () => Promise<void>;
  setCollaborator(repository: string, login: string, role: Role | "none"): void;
  pushFiles(push: PushedFiles & { readonly repository: string }): Promise<string>;
  /** GitHub has this only in GraphQL. */
  readyForReview(repository: string, number: number, by: string): Promise<void>;
  /** Another repository is where a pull request was opened from. */
  comesFrom(repository: string, number: number, fork: string): void;
  /** A person presses a button that an App put on its check run. */
  pressCheckButton(repository: string, checkRunId: number, identifier: string, by: string): void;
  readonly deliveries: Deliveries;
  readonly faults: FaultBook;
  readonly calls: CountedCalls;
  /** Every write that came, with who did it and what became of it. */
  readonly writes: readonly Write[];
  /** How often each endpoint was read. */
  readonly reads: ReadonlyMap<string, number>;
  /** Where somebody and GitHub's own description disagree. */
  readonly violations: readonly Violation[];
  readonly unknownRoutes: readonly string[];
  close(): Promise<void>;
}

const ACTIONS_APP_ID = 15368;

function openWorld(origin: string, folder: string, now: () => Date, mostTreeEntries: number): World {
  const definition = loadDefinition(
    endpoints.map(({ id }) => id),
    webhookEvents,
  );
  const github = { id: 9919, login: "github", type: "Organization", createdAt: "2008-05-11T04:37:31Z" } as const;
  const bot = { id: 41_898_282, login: "github-actions[bot]", type: "Bot", createdAt: "2018-07-30T09:30:16Z" } as const;
  const permissions = {
    actions: "write",
    checks: "write",
    contents: "write",
    deployments: "write",
    issues: "write",
    metadata: "read",
    pull_requests: "write",
    statuses: "write",
  } as const;
  const actionsApp: App = {
    id: ACTIONS_APP_ID,
    slug: "github-actions",
    name: "GitHub Actions",
    clientId: "Iv1.05c79e9ad1f6bdfa",
    owner: github,
    bot,
    permissions,
    events: [],
    createdAt: "2018-07-30T09:30:17Z",
  };
  const world: World = {
    origin,
    apiUrl: `${origin}/api/v3`,
    folder,
    now,
    mostTreeEntries,
    contract: openContract(definition),
    oidc: openOidcIssuer(`${origin}/oidc`),
    users: new Map([github, bot].map((user) => [user.login, user])),
    apps: new Map([[ACTIONS_APP_ID, actionsApp]]),
    actionsApp,
    installations: new Map(),
    repositories: new Map(),
    formerNames: new Map(),
    tokens: new Map(),
    faults: openFaultBook(),
    calls: openCallBook(now),
    deliveries: openDeliveries(now, () => nextId(world, "delivery")),
    writes: [],
    reads: new Map(),
    lastReads: new Map(),
    violations: [],
    unknownRoutes: [],
    downloads: new Map(),
  };
  return world;
}

const MOST_TREE_ENTRIES = 100_000;

/** Starts an empty GitHub on a free port of 127.0.0.1. */
export async function startGitHub({
  latencyMs = 0,
  now = () => new Date(),
  mostTreeEntries = MOST_TREE_ENTRIES,
}: GitHubOptions = {}): Promise<GitHub> {
  const folder = await mkdtemp(join(tmpdir(), "github-"));
  await writeHooks(folder);
  const { server, origin } = await listen();
  const world = openWorld(origin, folder, now, mostTreeEntries);
  attach(server, world, { findRoute: openRouter(world.contract, endpoints), latencyMs });
  const named = (name: string) => namedRepository(world, name);
  return {
    ...openActs(world),
    origin,
    apiUrl: world.apiUrl,
    oidcIssuer: world.oidc.issuer,
    actions: openActionsStore(world),
    useRunner: (runner) => {
      world.runner = runner;
    },
    createUser: (login) => createUser(world, login),
    createOrganization: (login) => addUser(world, login, "Organization"),
    createApp: (app) => createApp(world, world.actionsApp.owner, app),
    setWebhookUrl: (appId, url) => {
      findApp(world, appId).webhookUrl = url;
    },
    install: (appId, owner, repositories) => install(world, appId, owner, repositories),
    createRepository: async (wanted) => {
      const repository = await createRepository(world, wanted);
      const { id, name, owner, git } = repository;
      const fullName = `${owner.login}/${name}`;
      return {
        id,
        owner: owner.login,
        name,
        fullName,
        headSha: headShaOf(repository),
        gitDir: git.dir,
        cloneUrl: `${origin}/${fullName}.git`,
      };
    },
    holdMerges: () => holdMerges(world),
    setRules: (repository, rules) => {
      Object.assign(named(repository), { rules, rulesChangedAt: nowIso(world) });
    },
    setCollaborator: (repository, login, role) => {
      const { collaborators } = named(repository);
      const user = world.users.get(login.toLowerCase());
      if (!user) throw new Error(`This GitHub knows nobody called ${login}.`);
      if (role === "none") collaborators.delete(user.id);
      else collaborators.set(user.id, role);
    },
    pushFiles: async ({ repository, ...push }) => pushFiles(world, named(repository), push),
    readyForReview: (repository, number, by) => readyForReview(world, named(repository), number, by),
    comesFrom: (repository, number, fork) => comesFrom(named(repository), number, named(fork)),
    pressCheckButton: (repository, checkRunId, identifier, by) => pressCheckButton(world, named(repository), checkRunId, identifier, by),
    deliveries: world.deliveries,
    faults: world.faults,
    calls: {
      counted: (installationId) => world.calls.total(installationId),
      countedGraphql: (installationId) => world.calls.total(installationId, "graphql"),
      reset: () => world.calls.reset(),
    },
    writes: world.writes,
    reads: world.reads,
    violations: world.violations,
    unknownRoutes: world.unknownRoutes,
    close: async () => {
      await world.deliveries.close();
      for (const { git } of world.repositories.values()) git.objects.close();
      await stop(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
