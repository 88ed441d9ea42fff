import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

export const issues = ({ payload }: EmitterWebhookEvent<"issues">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { issue: payload.issue.number } },
];
