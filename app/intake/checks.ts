import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

export const checkRuns = ({ payload }: EmitterWebhookEvent<"check_run">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { headSha: payload.check_run.head_sha } },
];

export const checkSuites = ({ payload }: EmitterWebhookEvent<"check_suite">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { headSha: payload.check_suite.head_sha } },
];

export const statuses = ({ payload }: EmitterWebhookEvent<"status">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { headSha: payload.sha } },
];
