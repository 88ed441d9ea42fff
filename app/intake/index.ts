/** Every webhook the Rig listens to, and where each tells it to look. `app.yml` subscribes to these and no others, save what comes unasked. */
import type { EmitterWebhookEvent, EmitterWebhookEventName } from "@octokit/webhooks";
import { checkRuns, checkSuites, statuses } from "./checks.ts";
import { comments } from "./comments.ts";
import { installations, selections } from "./installations.ts";
import { issues } from "./issues.ts";
import type { Look } from "./look.ts";
import { mergeGroups } from "./merge-groups.ts";
import { pullRequests, reviews } from "./pull-requests.ts";
import { deployments, pushes, repositories } from "./repositories.ts";
import { workflowJobs, workflowRuns } from "./workflows.ts";

type Intake<E extends EmitterWebhookEventName> = (event: EmitterWebhookEvent<E>) => readonly Look[];

export const intake = {
  check_run: checkRuns,
  check_suite: checkSuites,
  deployment_status: deployments,
  installation: installations,
  installation_repositories: selections,
  issue_comment: comments,
  issues,
  merge_group: mergeGroups,
  pull_request: pullRequests,
  pull_request_review: reviews,
  push: pushes,
  repository: repositories,
  status: statuses,
  workflow_job: workflowJobs,
  workflow_run: workflowRuns,
} as const satisfies { readonly [E in EmitterWebhookEventName]?: Intake<E> };

export type HeardEvent = keyof typeof intake;

/** GitHub tells every App of its own installations: these cannot be subscribed to. */
export const unasked: ReadonlySet<HeardEvent> = new Set<HeardEvent>(["installation", "installation_repositories"]);

export const heardEvents = Object.keys(intake) as readonly HeardEvent[];

/** R5: what our own accounts do to issues, comments and labels is our own echo. Their checks, runs and pull requests are facts. */
const echoes: ReadonlySet<string> = new Set(["issues", "issue_comment"]);

export const isEcho = (event: string, senderId: number | undefined, ours: readonly number[]): boolean =>
  echoes.has(event) && senderId !== undefined && ours.includes(senderId);
