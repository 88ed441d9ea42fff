import { findWorkflowRun, startWorkflow } from "./dispatch.ts";
import type { Executor } from "./executor.ts";

/** F22: the run's id is like no other, so any older run of that name is it. */
const SKEW_MS = 600_000;

/** R22: the run's id is all that travels. Should one be started twice, only the first to claim it works. */
export const dispatchRun: Executor<"DISPATCH_RUN"> = async ({ runId, workflow, ref }, hands) => {
  const known = hands.attempt.unknown ? await findWorkflowRun(hands, workflow, [runId], SKEW_MS) : undefined;
  const run = known ?? (await startWorkflow(hands, workflow, ref, { run: runId }));
  return { response: { workflowRunId: run.id }, run: { runId, workflowRunId: run.id, workflowRunUrl: run.url } };
};
