/** What another rig.yml would have asked of people: the pull requests of the past under the gates in force, and under other ones. */
import { messageOf } from "../agents/runtime/errors.ts";
import type { Conductor } from "./conductor.ts";
import type { Policy } from "./domain/policy.ts";
import { raisedBy } from "./gates/evaluate.ts";
import type { Evidence, GateSettings } from "./gates/gate.ts";
import type { Raised } from "./gates/index.ts";
import { observeChanges } from "./observe/changes.ts";
import type { Reader } from "./observe/github.ts";
import { observeDefaultBranch } from "./observe/observe.ts";
import { observeOwners } from "./observe/owners.ts";
import { lastGood } from "./policies.ts";
import { type PolicyError, parsePolicy } from "./policy/parse.ts";
import type { StoredPullRequest } from "./store/pull-requests.ts";
import type { Repository } from "./store/repositories.ts";

/** Each costs some calls to GitHub. */
export const MOST_REPLAYED = 500;
const AT_ONCE = 6;

export interface BacktestRequest {
  /** The text of a rig.yml. */
  readonly policy: string;
  readonly since: Date;
  /** Only of this repository. */
  readonly repositoryId?: number;
}

/** A gate, and the first of what raises it. */
export interface RaisedGate {
  readonly gate: string;
  readonly evidence: Evidence;
  readonly evidenceCount: number;
}

interface Named {
  /** `owner/name`. */
  readonly repository: string;
  readonly pullRequest: number;
}

/** A pull request of which other gates would be raised. */
export interface Difference extends Named {
  readonly headSha: string;
  readonly title: string;
  readonly url: string;
  readonly added: readonly RaisedGate[];
  readonly removed: readonly RaisedGate[];
}

export interface BacktestResult {
  /** How many were replayed. */
  readonly replayed: number;
  /** How many there are: where it is more than was looked at, the newest were taken. */
  readonly inAll: number;
  /** On how many pull requests each gate is raised, under the policy in force and under the other. */
  readonly gates: readonly { readonly gate: string; readonly before: number; readonly after: number }[];
  readonly differences: readonly Difference[];
  /** Those that can no longer be read, with the reason. */
  readonly unreadable: readonly (Named & { readonly because: string })[];
}

export type Backtest = (asked: BacktestRequest) => Promise<BacktestResult | { readonly errors: readonly PolicyError[] }>;

type Settings = Readonly<Record<string, GateSettings>>;
type World = Pick<Conductor, "store" | "github" | "memory" | "log">;

/** What is the same for every pull request of a repository. */
interface Ground {
  readonly name: string;
  readonly inForce: Settings;
  /** How its pull requests are read, or why they cannot be. */
  readonly sight: { readonly reader: Reader; readonly owners: Awaited<ReturnType<typeof observeOwners>> } | { readonly because: string };
}

type Replayed = Named &
  (
    | { readonly because: string }
    | (Omit<Difference, keyof Named> & { readonly before: readonly Raised[]; readonly after: readonly Raised[] })
  );

export const createBacktest =
  (world: World): Backtest =>
  async ({ policy, since, repositoryId }) => {
    const parsed = parsePolicy(policy);
    if ("errors" in parsed) return parsed;
    const { found, inAll } = await world.store.pullRequestsSince(since, repositoryId, MOST_REPLAYED);
    const grounds = new Map<number, Promise<Ground>>();
    const groundOf = (id: number): Promise<Ground> => {
      const ground = grounds.get(id) ?? lookAtRepository(world, id);
      grounds.set(id, ground);
      return ground;
    };
    const replayed = await inTurns(found, async (one) => replay(world, await groundOf(one.repositoryId), one, parsed.policy));
    return { inAll, ...summed(replayed) };
  };

async function lookAtRepository(world: World, id: number): Promise<Ground> {
  const repository = await world.store.repository(id);
  if (!repository) return { name: `repository ${id}`, inForce: {}, sight: { because: "the Rig no longer knows its repository" } };
  const ground = { name: `${repository.owner}/${repository.name}`, inForce: lastGood(repository).gates };
  if (!repository.readable) return { ...ground, sight: { because: repository.pausedBecause ?? "GitHub does not show its repository" } };
  return { ...ground, sight: await sightOf(world, repository).catch((error: unknown) => ({ because: reasonOf(world, error) })) };
}

async function sightOf({ github, memory }: World, { owner, name, installationId, defaultBranch }: Repository) {
  const reader: Reader = { octokit: await github.installation(installationId), owner, repo: name, memory };
  const { sha } = await observeDefaultBranch(reader, defaultBranch);
  return { reader, owners: await observeOwners(reader, sha) };
}

/** What it changes is not remembered: hundreds of pull requests would drive out what the app looks at every minute. */
async function replay(
  world: World,
  { name, inForce, sight }: Ground,
  { number, headSha }: StoredPullRequest,
  policy: Policy,
): Promise<Replayed> {
  const named = { repository: name, pullRequest: number };
  if ("because" in sight) return { ...named, because: sight.because };
  const { reader, owners } = sight;
  try {
    const { data: pr } = await reader.octokit.rest.pulls.get({ owner: reader.owner, repo: reader.repo, pull_number: number });
    const changes = await observeChanges(reader, pr);
    if (!changes.complete) return { ...named, because: changes.because ?? "not every changed file can be read" };
    const before = raisedBy({ changes, owners }, inForce);
    const after = raisedBy({ changes, owners }, policy.gates);
    const ends = { headSha: pr.head.sha || headSha, title: pr.title, url: pr.html_url };
    return { ...named, ...ends, before, after, added: lackingIn(before, after), removed: lackingIn(after, before) };
  } catch (error) {
    return { ...named, because: reasonOf(world, error) };
  }
}

/** One that cannot be read does not keep the others from being told of. */
function reasonOf({ log }: World, error: unknown): string {
  log.warn({ err: error }, "The backtest could not read a pull request");
  return messageOf(error);
}

/** The gates of `these` that `those` do not have. */
const lackingIn = (those: readonly Raised[], these: readonly Raised[]): readonly RaisedGate[] =>
  these
    .filter(({ gate }) => !those.some((other) => other.gate.name === gate.name))
    .flatMap(({ gate, evidence }) => (evidence[0] ? [{ gate: gate.name, evidence: evidence[0], evidenceCount: evidence.length }] : []));

function summed(replayed: readonly Replayed[]): Omit<BacktestResult, "inAll"> {
  const read = replayed.flatMap((one) => ("because" in one ? [] : [one]));
  const names = new Set(read.flatMap(({ before, after }) => [...before, ...after].map(({ gate }) => gate.name)));
  const on = (raised: readonly Raised[], name: string): number => (raised.some(({ gate }) => gate.name === name) ? 1 : 0);
  const count = (of: "before" | "after", name: string): number => read.reduce((sum, one) => sum + on(one[of], name), 0);
  return {
    replayed: read.length,
    gates: [...names].toSorted().map((gate) => ({ gate, before: count("before", gate), after: count("after", gate) })),
    differences: read
      .filter(({ added, removed }) => added.length + removed.length > 0)
      .map(({ before: _, after: __, ...difference }) => difference),
    unreadable: replayed.flatMap((one) => ("because" in one ? [one] : [])),
  };
}

/** A few at once, answered in the order in which they were given. */
async function inTurns<T, R>(all: readonly T[], one: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  const waiting = all.entries();
  const work = async () => {
    for (const [at, item] of waiting) done[at] = await one(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return done;
}
