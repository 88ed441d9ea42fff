/** Who works next: one decision over all ready issues of a repository, one at a time. */
import type { Conductor } from "./conductor.ts";
import { type AgentId, runIdFor } from "./domain/ids.ts";
import type { Issue } from "./domain/issue.ts";
import type { Policy } from "./domain/policy.ts";
import { agentOf, instancesOf, isAlone, producerOf, producers } from "./domain/producers.ts";
import { liveRun } from "./domain/state.ts";
import { branchName } from "./domain/text.ts";
import { lastGood } from "./policies.ts";
import type { AssignmentRow, IssueRow } from "./store/issues.ts";
import { historyOf, sync } from "./sync.ts";

/** Two passes at once may want the same agent: who comes second looks again at what is left. */
const MOST_PASSES = 10;
/** So many more than there are free agents are looked at, for those that may not get the one that is free. */
const BEYOND = 20;

/** Gives free agents the most urgent issues, and makes room for a critical one where there is none. */
export async function assign(conductor: Conductor, repositoryId: number): Promise<void> {
  const { store } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository || repository.pausedBecause || conductor.config.paused) return;
  const policy = lastGood(repository);
  if (policy.mode !== "active" || (await store.runsToday(repositoryId)) >= policy.limits.runsPerDay) return;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) if (await assignFree(conductor, repositoryId, policy)) return;
}

/** False where there may be more to give: somebody else took what was free, or room was made. */
async function assignFree(conductor: Conductor, repositoryId: number, policy: Policy): Promise<boolean> {
  const { store, log } = conductor;
  const taken = await store.assignmentsOf(repositoryId);
  const free = freeAgents(
    policy,
    taken.map(({ agentId }) => agentId),
  );
  const ready = await store.nextReady(repositoryId, free.length + BEYOND);
  let undisturbed = true;
  const idle = idleAgents(
    policy,
    taken.map(({ agentId }) => agentId),
  );
  const turns = pairs(ready, idle, policy, free.length);
  for (const { issue, agentId } of turns) {
    const { given, reason } = await give(conductor, issue, agentId, policy);
    if (given) continue;
    undisturbed = false;
    log.info({ issue: issue.stream, agentId, reason }, "The issue was not assigned");
  }
  const unserved = ready.filter((one) => one.priority === "critical" && !turns.some(({ issue }) => issue === one));
  const roomMade = policy.priority.interrupt && unserved.length > 0 && (await makeRoom(conductor, unserved, taken, policy));
  return undisturbed && !roomMade;
}

/** Instances that have no issue, as far as the queue's capacity goes. */
export const freeAgents = (policy: Policy, taken: readonly string[]): readonly AgentId[] =>
  idleAgents(policy, taken).slice(0, Math.max(0, policy.queue.maxConcurrent - taken.length));

/** Instances that have no issue, whatever the capacity. */
export const idleAgents = (policy: Policy, taken: readonly string[]): readonly AgentId[] =>
  producers(policy)
    .flatMap((agent) => instancesOf(policy, agent))
    .filter((id) => !taken.includes(id));

/** Whose instances an issue of the queue may be given to. */
export const wantedBy = ({ agent }: Pick<IssueRow, "agent">, policy: Policy): string | undefined => agent ?? producers(policy)[0];

/** Whether an instance may have an issue: it is of the agent that the issue is for, and not the one that failed at it. */
export const mayHave = (issue: Pick<IssueRow, "agent" | "avoids">, agentId: AgentId, policy: Policy): boolean => {
  const agent = agentOf(agentId);
  return agent === wantedBy(issue, policy) && (isAlone(policy, agent) || agentId !== issue.avoids);
};

/** Each issue in its turn with the first free instance that it may have; one that has to wait for another instance keeps nobody else waiting. */
export function pairs(
  ready: readonly IssueRow[],
  idle: readonly AgentId[],
  policy: Policy,
  room = idle.length,
): readonly { readonly issue: IssueRow; readonly agentId: AgentId }[] {
  const left = [...idle];
  let given = 0;
  return ready.flatMap((issue) => {
    if (given >= room) return [];
    const index = left.findIndex((agentId) => mayHave(issue, agentId, policy));
    const [agentId] = index < 0 ? [] : left.splice(index, 1);
    if (!agentId) return [];
    given += 1;
    return [{ issue, agentId }];
  });
}

async function give(
  conductor: Conductor,
  row: IssueRow,
  agentId: AgentId,
  policy: Policy,
): Promise<{ readonly given: boolean; readonly reason: string | undefined }> {
  const { issue, version } = await historyOf(conductor.store, row.stream);
  const { attempt, branch } = attemptOf(issue, row, policy);
  const runId = runIdFor(row.stream, version + 1);
  const again = issue.failure?.agentId === agentId && !issue.setAside;
  const note = again ? { note: `${agentId} again, on a fresh branch: there is no other instance.` } : {};
  // What it depends on is asked again in this moment: nobody may have looked at it since it was approved.
  let against: string | undefined;
  const { result, reason } = await sync(conductor, row, `assign:${row.repositoryId}`, ({ seen, issue: now, policy: inForce }) => {
    if (seen.issue.dependencies.some(({ state }) => state !== "closed")) against = "it depends on open issues";
    else if (producerOf(now, inForce) !== agentOf(agentId)) against = "it is for another agent";
    else against = undefined;
    return against ? [] : [{ type: "ISSUE_ASSIGNED", data: { agentId, attempt, branch, runId, ...note } }];
  });
  return against ? { given: false, reason: against } : { given: result !== "rejected", reason };
}

/** What was set aside goes on where it was; anything else begins on a branch of its own. */
export function attemptOf(issue: Issue, { number, title }: { readonly number: number; readonly title: string }, policy: Policy) {
  if (issue.setAside) return issue.setAside;
  const attempt = issue.attempts + 1;
  return { attempt, branch: branchName(policy.branch, number, issue.approval?.title ?? title, attempt) };
}

const urgency = { critical: 0, high: 1, normal: 2 } as const;

/** Each critical issue without a slot interrupts the lowest, youngest one whose slot is of use to it, and none of its own class. True where a slot is free now. */
async function makeRoom(
  conductor: Conductor,
  critical: readonly IssueRow[],
  taken: readonly AssignmentRow[],
  policy: Policy,
): Promise<boolean> {
  const idle = idleAgents(
    policy,
    taken.map(({ agentId }) => agentId),
  );
  const victims = taken
    .filter(({ priority }) => priority !== "critical")
    .toSorted((a, b) => urgency[b.priority] - urgency[a.priority] || b.since.getTime() - a.since.getTime());
  const left = await Promise.all(
    victims.map(async (victim) => ({ victim, issue: (await historyOf(conductor.store, victim.stream)).issue })),
  );
  let freed = false;
  for (const wanted of critical) {
    // Where an instance that it may have is idle, it only lacks the room, which anybody can make.
    const lacksRoom = idle.some((agentId) => mayHave(wanted, agentId, policy));
    const fits = ({ victim }: (typeof left)[number]) => lacksRoom || mayHave(wanted, victim.agentId, policy);
    // Who was asked already makes room for the first of them.
    const asked = left.findIndex((one) => fits(one) && liveRun(one.issue)?.asked);
    const index = asked >= 0 ? asked : left.findIndex(fits);
    const [one] = index < 0 ? [] : left.splice(index, 1);
    if (!one || asked >= 0) continue;
    const { result } = await interrupt(conductor, one.victim, one.issue, `${wanted.stream} is critical and needs the slot.`);
    if (result === "accepted" && !workingRun(one.issue)) freed = true;
  }
  return freed;
}

/** An agent at work is asked to keep what it has; one that waits for others gives its slot back at once. */
async function interrupt(conductor: Conductor, { stream, agentId, repositoryId }: AssignmentRow, issue: Issue, reason: string) {
  const row = await conductor.store.issueByStream(stream);
  if (!row) throw new Error(`${stream} is not known.`);
  const run = workingRun(issue);
  const runId = run?.runId ?? issue.assignment?.runId;
  if (!runId) return { result: "rejected" as const };
  return sync(conductor, row, `assign:${repositoryId}`, [
    run
      ? { type: "CHECKPOINT_REQUESTED", data: { runId, reason } }
      : { type: "ISSUE_UNASSIGNED", data: { agentId, runId, cause: "preempted", reason } },
  ]);
}

const workingRun = (issue: Issue) => {
  const run = liveRun(issue);
  return run && run.kind !== "review" ? run : undefined;
};
