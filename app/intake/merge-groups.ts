import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** The queue's branch names the pull request that its commit ends with: `gh-readonly-queue/main/pr-12-<sha of the base>`. */
const OF_PULL_REQUEST = /\/pr-(\d{1,9})-[0-9a-f]{40}$/;

/** A merge group was made, merged or dropped: its pull request is somewhere else in the queue. */
export function mergeGroups({ payload }: EmitterWebhookEvent<"merge_group">): readonly Look[] {
  const [, number] = OF_PULL_REQUEST.exec(payload.merge_group.head_ref) ?? [];
  return number && payload.repository ? [{ repositoryId: payload.repository.id, at: { pullRequest: Number(number) } }] : [];
}
