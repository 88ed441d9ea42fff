import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { PROPOSAL_LABEL } from "../domain/proposals.ts";
import type { Look } from "./look.ts";

/** What a person says of a proposal without handing it over. */
const ends: ReadonlySet<string> = new Set(["closed", "reopened", "deleted", "transferred"]);

export const issues = ({ payload }: EmitterWebhookEvent<"issues">): readonly Look[] => {
  const { repository, issue, action } = payload;
  const isProposal = issue.labels?.some((label) => label?.name === PROPOSAL_LABEL);
  return [
    { repositoryId: repository.id, at: { issue: issue.number } },
    ...(isProposal && ends.has(action) ? [{ repositoryId: repository.id, at: { proposals: true as const } }] : []),
  ];
};
