import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** Renamed, transferred, archived, made public, deleted: what it is now is asked of GitHub. */
export const repositories = ({ payload }: EmitterWebhookEvent<"repository">): readonly Look[] => [
  { repositoryId: payload.repository.id, at: { itself: true } },
];

/** A push to the default branch may bring another policy or other owners; one to a branch of ours moves a head. */
export const pushes = ({ payload }: EmitterWebhookEvent<"push">): readonly Look[] => {
  const branch = payload.ref.replace(/^refs\/heads\//, "");
  const at = branch === payload.repository.default_branch ? { everything: true as const } : { branch };
  return [{ repositoryId: payload.repository.id, at }];
};

/** It ended, or it waits for people. One that goes on has nothing to tell. */
const telling: ReadonlySet<string> = new Set(["success", "failure", "error", "inactive", "waiting"]);

export const deployments = ({ payload }: EmitterWebhookEvent<"deployment_status">): readonly Look[] =>
  telling.has(payload.deployment_status.state) ? [{ repositoryId: payload.repository.id, at: { releases: true } }] : [];
