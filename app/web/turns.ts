/** Why a queued issue has not begun. */
import { freeAgents, idleAgents, mayHave, wantedBy } from "../assign.ts";
import type { Policy } from "../domain/policy.ts";
import { agentOf } from "../domain/producers.ts";
import { lastGood } from "../policies.ts";
import type { AssignmentRow } from "../store/issues.ts";
import type { QueuedRow } from "../store/pages.ts";
import type { Repository } from "../store/repositories.ts";
import type { Store } from "../store/store.ts";

/** What decides whether a repository's queue moves. */
export interface QueueScene {
  /** `RIG_PAUSED`. */
  readonly paused: boolean;
  readonly repository: Pick<Repository, "owner" | "name" | "pausedBecause">;
  readonly policy: Policy;
  readonly assignments: readonly Pick<AssignmentRow, "agentId" | "stream" | "priority">[];
  /** What the repository's runs have come to today. */
  readonly today: { readonly usd: number; readonly tokens: number; readonly runs: number };
}

type Turn = Pick<QueuedRow, "ready" | "waitingOn" | "avoids" | "agent" | "readyAhead" | "priority" | "why">;

/** The first thing in an issue's way. */
export function queueReason(turn: Turn, scene: QueueScene): string {
  const { ready, waitingOn, avoids, readyAhead, priority, why } = turn;
  const { paused, repository, policy, assignments, today } = scene;
  if (paused) return "The Rig is paused (RIG_PAUSED): nothing is dispatched.";
  if (repository.pausedBecause) return `${repository.owner}/${repository.name} is paused: ${repository.pausedBecause}`;
  if (policy.mode !== "active") return `The repository's mode is ${policy.mode}: nothing starts there.`;
  if (waitingOn.length > 0) return `It depends on ${waitingOn.join(", ")}, which ${waitingOn.length === 1 ? "is" : "are"} not done.`;
  if (!ready) return why;
  const { usdPerDay, tokensPerDay, runsPerDay } = policy.limits;
  if (today.usd >= usdPerDay) return tomorrow(`$${today.usd.toFixed(2)} of $${usdPerDay}`);
  if (today.tokens >= tokensPerDay) return tomorrow(`${today.tokens} of ${tokensPerDay} tokens`);
  if (today.runs >= runsPerDay) return tomorrow(`${today.runs} of ${runsPerDay} runs`);

  const taken = assignments.map(({ agentId }) => agentId);
  const free = freeAgents(policy, taken);
  const busy = assignments.map(({ agentId, stream }) => `${agentId} with ${stream}`).join(", ");
  if (free.length === 0) {
    const room = priority === "critical" && policy.priority.interrupt && assignments.some((other) => other.priority !== "critical");
    return `All agents are busy: ${busy}.${room ? " Less urgent work is interrupted for it." : ""}`;
  }
  const agent = wantedBy(turn, policy);
  const own = idleAgents(policy, taken).filter((id) => agentOf(id) === agent);
  if (own.length === 0) return `It is for ${agent}, of which no instance is free: ${busy}.`;
  if (!own.some((id) => mayHave(turn, id, policy))) return `${avoids} failed at it, so it waits for another instance: ${busy}.`;
  if (readyAhead >= free.length) return `${readyAhead === 1 ? "1 issue goes" : `${readyAhead} issues go`} before it.`;
  return "An agent is free: it starts within seconds.";
}

const tomorrow = (spent: string): string => `The repository has used up its budget of the day: ${spent}. The next day begins at 00:00 UTC.`;

export type TurnOf = (row: QueuedRow) => { readonly ageMinutes: number; readonly reason: string };

/** The turns of queued issues, from one look at the agents, their repositories and the day. */
export async function turns(
  {
    store,
    paused,
    now,
  }: {
    readonly store: Pick<Store, "assignmentsOf" | "repositories" | "spentToday" | "runsToday">;
    readonly paused: boolean;
    readonly now: () => Date;
  },
  queued: readonly QueuedRow[],
): Promise<TurnOf> {
  const wanted = new Set<number>(queued.map(({ repositoryId }) => repositoryId));
  const [repositories, assignments, spent] = await Promise.all([store.repositories(), store.assignmentsOf(), store.spentToday()]);
  const scenes = new Map<number, QueueScene>();
  for (const repository of repositories.filter(({ id }) => wanted.has(id))) {
    scenes.set(repository.id, {
      paused,
      repository,
      policy: lastGood(repository),
      assignments: assignments.filter(({ repositoryId }) => repositoryId === repository.id),
      today: { ...(spent.get(repository.id) ?? { usd: 0, tokens: 0 }), runs: await store.runsToday(repository.id) },
    });
  }
  return (row) => {
    const scene = scenes.get(row.repositoryId);
    return {
      ageMinutes: Math.max(0, Math.floor((now().getTime() - row.approvedAt.getTime()) / 60_000)),
      reason: scene ? queueReason(row, scene) : "The App is not installed in its repository.",
    };
  };
}
