import type { Reaction } from "./reaction.ts";

/** A run that is wanted is dispatched, by its id alone (R22). One that a person started is on its way. */
export const dispatch: Reaction<"RUN_REQUESTED"> = ({ runId, agent, workflowRunId }, { policy, defaultBranch }) =>
  workflowRunId
    ? []
    : [{ kind: "DISPATCH_RUN", data: { runId, workflow: policy.agents[agent]?.workflow ?? `${agent}.yml`, ref: defaultBranch } }];
