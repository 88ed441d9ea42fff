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

/** A deployment that goes on has nothing to tell. */
const ended: ReadonlySet<string> = new Set(["success", "failure", "error", "inactive"]);

export const deployments = ({ payload }: EmitterWebhookEvent<"deployment_status">): readonly Look[] =>
  ended.has(payload.deployment_status.state) ? [{ repositoryId: payload.repository.id, at: { releases: true } }] : [];
