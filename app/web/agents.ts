/** What every agent instance does now. */
import { agentOf, instancesOf, producers, REVIEWER, ROUNDERS } from "../domain/producers.ts";
import { lastGood } from "../policies.ts";
import type { LiveRun } from "../store/agents.ts";
import type { AssignmentRow } from "../store/issues.ts";
import type { Repository } from "../store/repositories.ts";
import type { AgentRow } from "../store/runs.ts";
import type { Store } from "../store/store.ts";

export const agentStates = ["idle", "working", "draining", "starved"] as const;

export interface AgentNow {
  readonly agentId: string;
  readonly repo: string;
  readonly agent: string;
  readonly status: (typeof agentStates)[number];
  readonly issue: string | null;
  readonly runId: string | null;
  readonly since: Date | null;
  readonly seenAt: Date | null;
  readonly progress: AgentRow["progress"] | null;
}

export async function agentsNow(
  store: Pick<Store, "repositories" | "assignmentsOf" | "liveRuns" | "agents">,
): Promise<readonly AgentNow[]> {
  const [repositories, assignments, runs, heartbeats] = await Promise.all([
    store.repositories(),
    store.assignmentsOf(),
    store.liveRuns(),
    store.agents(),
  ]);
  const own = <T extends { readonly repositoryId: number; readonly agentId: string }>(
    of: readonly T[],
    { id }: Repository,
    agentId: string,
  ) => of.filter((one) => one.repositoryId === id && one.agentId === agentId);
  return repositories.flatMap((repository) => {
    const policy = lastGood(repository);
    // An instance that the policy no longer has keeps its issue until it is done with it.
    const taken = assignments.filter(({ repositoryId }) => repositoryId === repository.id).map(({ agentId }) => agentId);
    const instances = producers(policy).flatMap((agent) => instancesOf(policy, agent));
    // Who only makes rounds is shown while it makes one.
    const onRounds = runs.filter(({ repositoryId, agent }) => repositoryId === repository.id && ROUNDERS.has(agent));
    const ids = new Set<string>([...instances, ...taken, REVIEWER, ...onRounds.map(({ agentId }) => agentId)]);
    return [...ids].map((agentId) =>
      agentNow(repository, agentId, {
        assignment: own(assignments, repository, agentId)[0],
        run: own(runs, repository, agentId)[0],
        heartbeat: own(heartbeats, repository, agentId)[0],
      }),
    );
  });
}

interface Known {
  readonly assignment: AssignmentRow | undefined;
  readonly run: LiveRun | undefined;
  readonly heartbeat: AgentRow | undefined;
}

function agentNow({ owner, name }: Repository, agentId: string, { assignment, run, heartbeat }: Known): AgentNow {
  // What it said of an earlier run says nothing of this one.
  const now = run && heartbeat?.runId === run.runId ? heartbeat : undefined;
  return {
    agentId,
    repo: `${owner}/${name}`,
    agent: agentOf(agentId),
    status: statusOf(assignment, run, now),
    issue: assignment?.stream ?? run?.stream ?? null,
    runId: run?.runId ?? null,
    since: assignment?.since ?? run?.requestedAt ?? null,
    seenAt: run?.lastSeenAt ?? heartbeat?.seenAt ?? null,
    progress: now?.progress ?? null,
  };
}

function statusOf(assignment: AssignmentRow | undefined, run: LiveRun | undefined, heartbeat: AgentRow | undefined): AgentNow["status"] {
  if (run?.starvedAt && !run.startedAt) return "starved";
  if (heartbeat?.status === "draining") return "draining";
  return assignment || run ? "working" : "idle";
}
