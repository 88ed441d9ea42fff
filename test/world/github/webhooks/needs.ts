import type { Permissions } from "../state/people.ts";

/** What an App must be allowed to read before it may hear of it. */
export const eventNeeds: Readonly<Record<string, readonly string[]>> = {
  check_run: ["checks"],
  check_suite: ["checks"],
  create: ["contents"],
  delete: ["contents"],
  deployment: ["deployments"],
  deployment_status: ["deployments"],
  issue_comment: ["issues", "pull_requests"],
  issue_dependencies: ["issues"],
  issues: ["issues"],
  merge_group: ["merge_queues"],
  milestone: ["issues", "pull_requests"],
  pull_request: ["pull_requests"],
  pull_request_review: ["pull_requests"],
  public: ["metadata"],
  push: ["contents"],
  repository: ["metadata"],
  status: ["statuses"],
  workflow_job: ["actions"],
  workflow_run: ["actions"],
};

export const mayHear = (permissions: Permissions, event: string) =>
  eventNeeds[event]?.some((name) => name === "metadata" || permissions[name] !== undefined) ?? false;
