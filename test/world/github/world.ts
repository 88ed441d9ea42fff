import type { Runner } from "../actions.ts";
import type { Identity } from "./auth/identity.ts";
import type { CallBook } from "./call-book.ts";
import type { Contract } from "./contract/contract.ts";
import type { FaultBook } from "./faults.ts";
import type { OidcIssuer } from "./oidc.ts";
import type { Answer } from "./rest/endpoint.ts";
import type { App, Installation, User } from "./state/people.ts";
import type { Repository } from "./state/repository.ts";
import type { Deliveries } from "./webhooks/deliveries.ts";

/** One write that reached this GitHub, and what became of it. */
export interface Write {
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  /** The endpoint: `issues/create-comment`, `git/push`. */
  readonly operation: string;
  readonly actor: string;
  readonly tokenKind: Identity["kind"];
  readonly appId?: number;
  readonly body: unknown;
  /** What happened. A fault may have told the client something else. */
  readonly status: number;
}

/** Something that does not agree with GitHub's own description. */
export interface Violation {
  readonly side: "request" | "response" | "webhook";
  readonly operation: string;
  readonly path: string;
  readonly errors: readonly string[];
  readonly content: unknown;
}

/** Everything this GitHub knows. */
export interface World {
  readonly origin: string;
  readonly apiUrl: string;
  readonly folder: string;
  readonly now: () => Date;
  /** How many entries a recursive tree names before it says that it is cut. */
  readonly mostTreeEntries: number;
  readonly contract: Contract;
  readonly oidc: OidcIssuer;
  readonly users: Map<string, User>;
  readonly apps: Map<number, App>;
  readonly actionsApp: App;
  readonly installations: Map<number, Installation>;
  readonly repositories: Map<number, Repository>;
  /** Names that repositories had before: they redirect. */
  readonly formerNames: Map<string, number>;
  readonly tokens: Map<string, Identity>;
  readonly faults: FaultBook;
  readonly calls: CallBook;
  readonly deliveries: Deliveries;
  readonly writes: Write[];
  readonly reads: Map<string, number>;
  /** The last answer to each read, for reads that are to come stale. */
  readonly lastReads: Map<string, Answer>;
  readonly violations: Violation[];
  readonly unknownRoutes: string[];
  /** What a redirect leads to, by the secret part of its address. */
  readonly downloads: Map<string, { readonly type: string; readonly content: Buffer }>;
  runner?: Runner;
}

const starts: Readonly<Record<string, number>> = {
  user: 41_000,
  app: 880_000,
  installation: 5_100_000,
  repository: 70_000_000,
  issue: 200_000_000,
  pull: 300_000_000,
  comment: 400_000_000,
  act: 500_000_000,
  label: 600_000_000,
  review: 700_000_000,
  suite: 800_000_000,
  check: 900_000_000,
  deployment: 1_000_000_000,
  status: 1_100_000_000,
  run: 1_200_000_000,
  artifact: 1_300_000_000,
  delivery: 1_400_000_000,
  reaction: 1_500_000_000,
  activity: 1_700_000_000,
  milestone: 1_600_000_000,
  queueEntry: 1_700_000_000,
  environment: 1_800_000_000,
};

const counters = new WeakMap<World, Map<string, number>>();

/** Each kind counts in a range of its own: an id used for another kind of thing finds nothing. */
export function nextId(world: World, kind: keyof typeof starts & string): number {
  const mine = counters.get(world) ?? new Map<string, number>();
  counters.set(world, mine);
  const id = (mine.get(kind) ?? starts[kind] ?? 1) + 1;
  mine.set(kind, id);
  return id;
}

/** GitHub's times have no fractions of a second. */
export const iso = (at: Date) => `${at.toISOString().slice(0, 19)}Z`;
export const nowIso = (world: World) => iso(world.now());

export const fullName = (repository: Repository) => `${repository.owner.login}/${repository.name}`;

export function findRepository(world: World, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  for (const repository of world.repositories.values())
    if (!repository.deleted && fullName(repository).toLowerCase() === wanted) return repository;
  return undefined;
}

/** The repository that had this name before. */
export function formerly(world: World, owner: string, name: string): Repository | undefined {
  const repository = world.repositories.get(world.formerNames.get(`${owner}/${name}`.toLowerCase()) ?? 0);
  return repository?.deleted ? undefined : repository;
}

export function repositoryById(world: World, id: number): Repository {
  const repository = world.repositories.get(id);
  if (!repository) throw new Error(`This GitHub has no repository ${id}.`);
  return repository;
}
