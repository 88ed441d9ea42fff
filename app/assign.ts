/** Who works next: one decision over all ready issues of a repository, one at a time. */
import type { Conductor } from "./conductor.ts";
import { AgentId, runIdFor } from "./domain/ids.ts";
import type { Policy } from "./domain/policy.ts";
import { branchName } from "./domain/text.ts";
import { lastGood } from "./policies.ts";
import type { IssueRow } from "./store/issues.ts";
import { historyOf, sync } from "./sync.ts";

/** Two passes at once may want the same agent: who comes second looks again at what is left. */
const MOST_PASSES = 10;

/** Gives free agents the most urgent issues. A taken agent or a changed issue only means that somebody was quicker. */
export async function assign(conductor: Conductor, repositoryId: number): Promise<void> {
  const { store } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository || conductor.config.paused) return;
  const policy = lastGood(repository);
  if (policy.mode !== "active") return;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) if (await assignFree(conductor, repositoryId, policy)) return;
}

/** False where somebody else took what was free when this pass looked. */
async function assignFree(conductor: Conductor, repositoryId: number, policy: Policy): Promise<boolean> {
  const { store, log } = conductor;
  const [ready, taken] = await Promise.all([store.nextReady(repositoryId, 20), store.assignmentsOf(repositoryId)]);
  const free = freeAgents(
    policy,
    taken.map(({ agentId }) => agentId),
  );
  let undisturbed = true;
  for (const [index, issue] of ready.slice(0, free.length).entries()) {
    const agentId = free[index];
    if (!agentId) break;
    const { result, reason } = await give(conductor, issue, agentId, policy);
    if (result !== "rejected") continue;
    undisturbed = false;
    log.info({ issue: issue.stream, agentId, reason }, "The issue was not assigned");
  }
  return undisturbed;
}

/** Instances that have no issue, as far as the queue's capacity goes. */
export function freeAgents({ queue, agents }: Policy, taken: readonly string[]): readonly AgentId[] {
  const instances = Array.from({ length: agents["dev-e"].maxConcurrent }, (_, index) => AgentId.parse(`dev-e-${index + 1}`));
  return instances.filter((id) => !taken.includes(id)).slice(0, Math.max(0, queue.maxConcurrent - taken.length));
}

async function give(conductor: Conductor, row: IssueRow, agentId: AgentId, policy: Policy) {
  const { issue, version } = await historyOf(conductor.store, row.stream);
  const attempt = issue.attempts + 1;
  const branch = branchName(policy.branch, row.number, issue.approval?.title ?? row.title, attempt);
  const runId = runIdFor(row.stream, version + 1);
  return sync(conductor, row, `assign:${row.repositoryId}`, [{ type: "ISSUE_ASSIGNED", data: { agentId, attempt, branch, runId } }]);
}
