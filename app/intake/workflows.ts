import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** Whether a run has begun is known by its claim; GitHub tells that it ended. */
export const workflowRuns = ({ payload }: EmitterWebhookEvent<"workflow_run">): readonly Look[] =>
  payload.action === "completed" ? [{ repositoryId: payload.repository.id, at: { workflowRunId: payload.workflow_run.id } }] : [];
