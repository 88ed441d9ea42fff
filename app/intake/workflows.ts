import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

export const workflowRuns = ({ payload }: EmitterWebhookEvent<"workflow_run">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { workflowRunId: payload.workflow_run.id } },
];

export const workflowJobs = ({ payload }: EmitterWebhookEvent<"workflow_job">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { workflowRunId: payload.workflow_job.run_id } },
];
