import { findWorkflowRun, startWorkflow } from "./dispatch.ts";
import type { Executor } from "./executor.ts";

/** Starts the repository's workflow that deploys or checks an environment, with the environment and the commit that has to be in it. */
export const deploy: Executor<"DEPLOY" | "SMOKE"> = async ({ environment, workflow, ref, sha }, hands) => {
  // The same commit may have been deployed a while ago, so an older run is not it.
  const known = hands.attempt.unknown ? await findWorkflowRun(hands, workflow, [environment, sha], 0) : undefined;
  const run = known ?? (await startWorkflow(hands, workflow, ref, { environment, sha }));
  return { response: { workflowRunId: run.id } };
};
