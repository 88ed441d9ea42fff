import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** A check that began decides nothing; one that concluded, or is wanted again, does. */
const decided: ReadonlySet<string> = new Set(["completed", "rerequested", "requested_action"]);

const onHead = (repositoryId: number, action: string, headSha: string): readonly Look[] =>
  decided.has(action) ? [{ repositoryId, at: { headSha } }] : [];

export const checkRuns = ({ payload }: EmitterWebhookEvent<"check_run">): readonly Look[] =>
  onHead(payload.repository.id, payload.action, payload.check_run.head_sha);

export const checkSuites = ({ payload }: EmitterWebhookEvent<"check_suite">): readonly Look[] =>
  onHead(payload.repository.id, payload.action, payload.check_suite.head_sha);

export const statuses = ({ payload }: EmitterWebhookEvent<"status">): readonly Look[] =>
  onHead(payload.repository.id, payload.state === "pending" ? "created" : "completed", payload.sha);
