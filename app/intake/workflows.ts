import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** Whether a run has begun is known by its claim; GitHub tells that it ended. */
export const workflowRuns = ({ payload }: EmitterWebhookEvent<"workflow_run">): readonly Look[] =>
  payload.action === "completed" ? [{ repositoryId: payload.repository.id, at: { workflowRunId: payload.workflow_run.id } }] : [];

/** A runner took the job, or it is over. One that waits in GitHub's queue is missed by the clock (F17). */
const told: ReadonlySet<string> = new Set(["in_progress", "completed"]);

export const workflowJobs = ({ payload }: EmitterWebhookEvent<"workflow_job">): readonly Look[] =>
  told.has(payload.action) ? [{ repositoryId: payload.repository.id, at: { workflowRunId: payload.workflow_job.run_id } }] : [];
