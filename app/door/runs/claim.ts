import type { Context } from "hono";
import { bearerOf, newCapability } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { pageOf, requireSameRun, requireWorkflow } from "./identity.ts";
import { placeOf, runNamed, subjectOf } from "./look-up.ts";
import { buildTask } from "./task.ts";

/** `POST /api/runs/{run}/claim`: the work job shows who it is and gets its task and its bearer, once per attempt. */
export const claim = (desk: Desk) => async (context: Context) => {
  const identity = await desk.verifyOidc(bearerOf(context.req.header("authorization")));
  const run = await runNamed(desk, context.req.param("run"));
  const [place, policy] = await Promise.all([placeOf(desk, run.repositoryId), desk.policyOf(run.repositoryId)]);
  requireWorkflow(identity, place, policy, run.agent);
  requireSameRun(identity, run.workflowRunId);
  if (run.fenced) throw new Problem(409, `The run ${run.runId} is superseded: something newer took its place.`);

  const { runId } = run;
  const subject = await subjectOf(desk, runId);
  const { capability, hash } = newCapability();
  // Told and written down first: only what has succeeded uses the claim up, so a claim that failed can be made again.
  const fitted = await desk.character(run.agent, run.repositoryId);
  if (!fitted)
    throw new Problem(409, `The Rig has no agent ${run.agent}: RIG_AGENTS of the app names a folder of agents, or rig.yml names another.`);
  const { character, override } = fitted;
  const task = await buildTask(desk, { subject, place, runId, capability, character });
  const workflowRunUrl = pageOf(identity, desk.githubUrl);
  const started = {
    type: "WORK_STARTED",
    data: { agentId: run.agentId, runId, workflowRunUrl, ...(override && { override }) },
    actor: { kind: "agent", login: run.agentId, id: 0 },
  } as const;
  if (run.startedAt === null) {
    const recorded = await desk.record(subject, [started], runId);
    if (recorded.result === "rejected") throw new Problem(409, `The run ${runId} cannot start: ${recorded.reason}`);
  }
  const result = await desk.store.claimRun({
    runId,
    workflowRunId: identity.runId,
    attempt: identity.runAttempt,
    url: workflowRunUrl,
    capabilityHash: hash,
    expiresAt: new Date(task.expiresAt),
  });
  if (result === "unknown") throw new Problem(404, `There is no run ${runId}.`);
  if (result === "already") throw new Problem(409, `The run ${runId} is claimed already.`);
  if (result === "fenced") throw new Problem(409, `The run ${runId} is superseded: something newer took its place.`);
  return context.json(task);
};
