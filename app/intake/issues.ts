import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

export const issues = ({ payload }: EmitterWebhookEvent<"issues">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { issue: payload.issue.number } },
];

/** A comment on a pull request comes as one on an issue. */
export const comments = ({ payload }: EmitterWebhookEvent<"issue_comment">): readonly Look[] => [
  {
    repositoryId: payload.repository.id,
    at: payload.issue.pull_request ? { pullRequest: payload.issue.number } : { issue: payload.issue.number },
  },
];
