/** Everything this GitHub serves. The description is cut to what stands here. */
import { activityEndpoints } from "./activity.ts";
import { appEndpoints } from "./apps.ts";
import { checkEndpoints } from "./checks.ts";
import { commentEndpoints } from "./comments.ts";
import { commitEndpoints } from "./commits.ts";
import { contentEndpoints } from "./contents.ts";
import { dependencyEndpoints } from "./dependencies.ts";
import { deploymentEndpoints } from "./deployments.ts";
import type { Endpoint } from "./endpoint.ts";
import { gitDataEndpoints } from "./git-data.ts";
import { hookDeliveryEndpoints } from "./hook-deliveries.ts";
import { rulesetImport } from "./import-ruleset.ts";
import { issueEndpoints } from "./issues.ts";
import { labelEndpoints } from "./labels.ts";
import { mergeEndpoints } from "./merges.ts";
import { milestoneEndpoints } from "./milestones.ts";
import { pendingDeploymentEndpoints } from "./pending-deployments.ts";
import { pullEndpoints } from "./pulls.ts";
import { reactionEndpoints } from "./reactions.ts";
import { repositoryEndpoints } from "./repositories.ts";
import { repositoryLifeEndpoints } from "./repository-life.ts";
import { reviewEndpoints } from "./reviews.ts";
import { rulesetEndpoints } from "./rulesets.ts";
import { runEndpoints } from "./runs.ts";
import { statusEndpoints } from "./statuses.ts";
import { userEndpoints } from "./users.ts";
import { workflowEndpoints } from "./workflows.ts";

export const endpoints: readonly Endpoint[] = [
  ...appEndpoints,
  ...hookDeliveryEndpoints,
  ...userEndpoints,
  ...repositoryEndpoints,
  ...repositoryLifeEndpoints,
  ...rulesetEndpoints,
  rulesetImport,
  ...issueEndpoints,
  ...labelEndpoints,
  ...milestoneEndpoints,
  ...dependencyEndpoints,
  ...commentEndpoints,
  ...reactionEndpoints,
  ...pullEndpoints,
  ...mergeEndpoints,
  ...reviewEndpoints,
  ...checkEndpoints,
  ...statusEndpoints,
  ...commitEndpoints,
  ...activityEndpoints,
  ...gitDataEndpoints,
  ...contentEndpoints,
  ...deploymentEndpoints,
  ...pendingDeploymentEndpoints,
  ...workflowEndpoints,
  ...runEndpoints,
];

/** The webhooks it sends. */
export const webhookEvents = [
  "check_run",
  "check_suite",
  "create",
  "delete",
  "deployment",
  "deployment_status",
  "installation",
  "installation_repositories",
  "issue_comment",
  "issue_dependencies",
  "issues",
  "merge_group",
  "milestone",
  "ping",
  "pull_request",
  "pull_request_review",
  "public",
  "push",
  "repository",
  "status",
  "workflow_job",
  "workflow_run",
] as const;
