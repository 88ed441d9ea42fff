import { liveRun } from "../domain/issue.ts";
import type { AgentName } from "../domain/policy.ts";
import type { Context, Reaction } from "./reaction.ts";

/** A run that is wanted is dispatched, by its id alone (R22). One that it replaces is ended. */
export const dispatch: Reaction<"RUN_REQUESTED"> = ({ runId, agent, workflowRunId }, context) => {
  if (workflowRunId) return cancelLive({}, context);
  const { workflow } = context.policy.agents[agent as AgentName];
  return [...cancelLive({}, context), { kind: "DISPATCH_RUN", data: { runId, workflow, ref: context.defaultBranch } }];
};

/** What the issue no longer wants done is ended. */
export const cancelLive = (_: unknown, { before }: Pick<Context, "before">) => {
  const run = liveRun(before);
  return run ? [{ kind: "CANCEL_RUN" as const, data: { runId: run.runId } }] : [];
};
