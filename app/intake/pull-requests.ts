import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

export const pullRequests = ({ payload }: EmitterWebhookEvent<"pull_request">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { pullRequest: payload.pull_request.number } },
  // Before the Rig has seen the pull request, its branch tells whose it is.
  { repositoryId: payload.repository.id, at: { branch: payload.pull_request.head.ref } },
  // A check belongs to a commit: another pull request of the same head may be judged otherwise now.
  { repositoryId: payload.repository.id, at: { headSha: payload.pull_request.head.sha } },
];

export const reviews = ({ payload }: EmitterWebhookEvent<"pull_request_review">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { pullRequest: payload.pull_request.number } },
];
