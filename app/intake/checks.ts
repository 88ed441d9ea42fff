import type { EmitterWebhookEvent } from "@octokit/webhooks";
import type { Look } from "./look.ts";

/** A check that began decides nothing; one that concluded, or is wanted again, does. */
const decided: ReadonlySet<string> = new Set(["completed", "rerequested"]);

const onHead = (repositoryId: number, action: string, headSha: string): readonly Look[] =>
  decided.has(action) ? [{ repositoryId, at: { headSha } }] : [];

export function checkRuns({ payload }: EmitterWebhookEvent<"check_run">): readonly Look[] {
  const repositoryId = payload.repository.id;
  const { id: checkRunId, head_sha } = payload.check_run;
  if (payload.action !== "requested_action") return onHead(repositoryId, payload.action, head_sha);
  // Who pressed is told by the payload alone: the signature of the delivery stands for it, and all else is asked of the API.
  return [{ repositoryId, at: { press: { checkRunId, action: payload.requested_action?.identifier ?? "", by: payload.sender.id } } }];
}

export const checkSuites = ({ payload }: EmitterWebhookEvent<"check_suite">): readonly Look[] =>
  onHead(payload.repository.id, payload.action, payload.check_suite.head_sha);

export const statuses = ({ payload }: EmitterWebhookEvent<"status">): readonly Look[] =>
  onHead(payload.repository.id, payload.state === "pending" ? "created" : "completed", payload.sha);
