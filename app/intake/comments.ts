import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** A comment on a pull request comes as one on an issue. Only a new one may speak a command, never an edited one (R2). */
export const comments = ({ payload }: EmitterWebhookEvent<"issue_comment">): readonly Look[] => {
  const repositoryId = payload.repository.id;
  const { number, pull_request } = payload.issue;
  return [
    { repositoryId, at: pull_request ? { pullRequest: number } : { issue: number } },
    ...(payload.action === "created" ? [{ repositoryId, at: { comment: payload.comment.id } }] : []),
  ];
};
