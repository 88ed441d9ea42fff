import type { Context } from "hono";
import { PublishGrant } from "../../../agents/runtime/task.ts";
import type { RunId } from "../../domain/ids.ts";
import type { Issue } from "../../domain/issue.ts";
import { runOf } from "../../domain/state.ts";
import { bearerOf, newCapability } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { requireAnotherJob, requireSameRun, requireWorkflow } from "./identity.ts";
import { placeOf, runNamed, subjectOf } from "./look-up.ts";
import { requestOf } from "./task.ts";

/** What each outcome's publish job may do, and as which App: a reviewer is never the producer (R13). */
const grants = {
  patch: { app: "rig", permissions: { contents: "write", pull_requests: "write" } },
  review: { app: "review", permissions: { pull_requests: "write", checks: "write" } },
  /** An author that disputes every finding changes nothing, and answers. */
  nothing_to_do: { app: "rig", permissions: { pull_requests: "write" } },
} as const;

/** The publish job's time for reporting, in minutes. */
const REPORTING = 30;

/**
 * `POST /api/runs/{run}/publish-token`: the publish job, where no model runs, gets a token for this one repository.
 *
 * What holds: only the agent's own workflow on the default branch, only the workflow run that claimed the task and in it another job
 * than the one that did, only after the run has told its end, and only as long as nothing newer took its place. The token writes to
 * this repository and no other.
 *
 * What does not: a GitHub that does not tell the job (`check_run_id`) names only the workflow run, and `job_workflow_ref` is the same
 * for both of its jobs. There the work job's own identity would pass once its run has told its end; an audience of its own would not
 * change that, because the work job could ask for it as well. The agent does not hold that identity in any case: its commands see
 * neither the job's environment nor its processes (R8).
 */
export const publishToken = (desk: Desk) => async (context: Context) => {
  const identity = await desk.verifyOidc(bearerOf(context.req.header("authorization")));
  const run = await runNamed(desk, context.req.param("run"));
  const [place, policy] = await Promise.all([placeOf(desk, run.repositoryId), desk.policyOf(run.repositoryId)]);
  requireWorkflow(identity, place, policy, run.agent);
  if (run.workflowRunId === null) throw new Problem(409, `The run ${run.runId} was never claimed: there is nothing to publish.`);
  requireSameRun(identity, run.workflowRunId);
  requireAnotherJob(identity, run.workflowRunUrl, desk.githubUrl);

  const { runId } = run;
  const subject = await subjectOf(desk, runId);
  const [issue, request] = await Promise.all([desk.issueOf(subject.stream), requestOf(desk, subject.stream, runId)]);
  const said = request.kind === "review" ? (issue.reviewed?.findings ?? []) : request.findings;
  const asked = said.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const outcome = publishable(issue, runId);
  if (outcome === "nothing_to_do" && asked.length === 0)
    throw new Problem(409, `The run ${runId} may not publish: it changed nothing, and there is nothing to answer.`);
  const { app, permissions } = grants[outcome];
  const {
    token,
    expiresAt,
    identity: author,
  } = await desk.mintToken({
    installationId: subject.installationId,
    repositoryId: subject.repositoryId,
    permissions,
    app,
  });
  const { capability, hash } = newCapability();
  const reportingEnds = new Date(desk.now().getTime() + REPORTING * 60_000);
  if (!(await desk.store.grantPublish(runId, hash, reportingEnds)))
    throw new Problem(409, `The run ${runId} is superseded: something newer took its place.`);

  const { changedFiles, changedLines } = policy.limits;
  const { owner, name, defaultBranch } = place;
  return context.json(
    PublishGrant.parse({
      token,
      expiresAt,
      permissions,
      capability,
      outcome,
      repository: { owner, name, defaultBranch },
      issue: { number: subject.number, title: (issue.approval ?? issue.watched)?.title ?? "" },
      ...(issue.pullRequest && { pullRequest: { number: issue.pullRequest.number, headSha: issue.pullRequest.headSha } }),
      identity: author,
      ...(asked.length > 0 && { findings: asked }),
      baseSha: request.baseSha,
      branch: request.branch,
      limits: { changedFiles, changedLines },
    }),
  );
};

const isGranted = (outcome: string): outcome is keyof typeof grants => Object.hasOwn(grants, outcome);

/** The outcome that may be published now; otherwise the reason why not (R3, F21). */
export function publishable(issue: Issue, runId: RunId): keyof typeof grants {
  const run = runOf(issue, runId);
  const no = (why: string) => new Problem(409, `The run ${runId} may not publish: ${why}.`);
  if (!run || run.fenced || issue.runs.findLast(({ agent }) => agent === run.agent) !== run) throw no("something newer took its place");
  // No token that writes ever exists for whoever only looks.
  if (issue.round) throw no("a round publishes nothing");
  const outcome = run.finished?.outcome;
  if (outcome === undefined) throw no("it has not finished");
  if (!isGranted(outcome)) throw no(`its outcome is ${outcome}`);
  if ((outcome === "review") !== (run.kind === "review")) throw no(`a run of the kind ${run.kind} has no ${outcome}`);
  if (issue.held) throw no(`the issue is held by ${issue.held.by}`);
  if (issue.merged || (issue.broken && run.requestedAt < issue.broken.at)) throw no("the pull request is merged");
  // A person's own pull request has no text to approve: it is read, and nothing else.
  if (issue.watched && outcome === "review") {
    if (!issue.pullRequest) throw no("the pull request is closed");
    return outcome;
  }
  if (!issue.approval) throw no("the issue is no longer approved");
  if (issue.approval.stale) throw no("the issue's text changed after it was approved");
  return outcome;
}
