/** Every webhook the Rig listens to, and where each tells it to look. `app.yml` subscribes to these and no others. */
import type { EmitterWebhookEvent, EmitterWebhookEventName } from "@octokit/webhooks";
import { checkRuns, checkSuites, statuses } from "./checks.ts";
import { comments, issues } from "./issues.ts";
import type { Look } from "./look.ts";
import { pullRequests, reviews } from "./pull-requests.ts";
import { deployments, pushes } from "./repositories.ts";
import { workflowRuns } from "./workflows.ts";

type Intake<E extends EmitterWebhookEventName> = (event: EmitterWebhookEvent<E>) => readonly Look[];

export const intake = {
  check_run: checkRuns,
  check_suite: checkSuites,
  deployment_status: deployments,
  issue_comment: comments,
  issues,
  pull_request: pullRequests,
  pull_request_review: reviews,
  push: pushes,
  status: statuses,
  workflow_run: workflowRuns,
} as const satisfies { readonly [E in EmitterWebhookEventName]?: Intake<E> };

export type HeardEvent = keyof typeof intake;

export const heardEvents = Object.keys(intake) as readonly HeardEvent[];

/** R5: what our own accounts do to issues, comments and labels is our own echo. Their checks, runs and pull requests are facts. */
const echoes: ReadonlySet<string> = new Set(["issues", "issue_comment"]);

export const isEcho = (event: string, senderId: number | undefined, ours: readonly number[]): boolean =>
  echoes.has(event) && senderId !== undefined && ours.includes(senderId);
