import type { Context } from "hono";
import { PublishGrant } from "../../../agents/runtime/task.ts";
import type { RunId } from "../../domain/ids.ts";
import type { Issue } from "../../domain/issue.ts";
import { runOf } from "../../domain/state.ts";
import { bearerOf, newCapability } from "../capability.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "./desk.ts";
import { requireSameRun, requireWorkflow } from "./identity.ts";
import { placeOf, runNamed, subjectOf } from "./look-up.ts";
import { requestOf } from "./task.ts";

/** What each outcome's publish job may do, and as which App: a reviewer is never the producer (R13). */
const grants = {
  patch: { app: "rig", permissions: { contents: "write", pull_requests: "write" } },
  review: { app: "review", permissions: { pull_requests: "write", checks: "write" } },
} as const;

/** The publish job's time for reporting, in minutes. */
const REPORTING = 30;

/** `POST /api/runs/{run}/publish-token`: the publish job, where no model runs, gets a token for this one repository. */
export const publishToken = (desk: Desk) => async (context: Context) => {
  const identity = await desk.verifyOidc(bearerOf(context.req.header("authorization")));
  const run = await runNamed(desk, context.req.param("run"));
  const [place, policy] = await Promise.all([placeOf(desk, run.repositoryId), desk.policyOf(run.repositoryId)]);
  requireWorkflow(identity, place, policy, run.agent);
  if (run.workflowRunId === null) throw new Problem(409, `The run ${run.runId} was never claimed: there is nothing to publish.`);
  requireSameRun(identity, run.workflowRunId);

  const { runId } = run;
  const subject = await subjectOf(desk, runId);
  const [issue, request] = await Promise.all([desk.issueOf(subject.stream), requestOf(desk, subject.stream, runId)]);
  const outcome = publishable(issue, runId);
  const { app, permissions } = grants[outcome];
  const { token, expiresAt } = await desk.mintToken({
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
      issue: { number: subject.number, title: issue.approval?.title ?? "" },
      ...(issue.pullRequest && { pullRequest: { number: issue.pullRequest.number, headSha: issue.pullRequest.headSha } }),
      baseSha: request.baseSha,
      branch: request.branch,
      limits: { changedFiles, changedLines },
    }),
  );
};

/** The outcome that may be published now; otherwise the reason why not (R3, F21). */
export function publishable(issue: Issue, runId: RunId): keyof typeof grants {
  const run = runOf(issue, runId);
  const no = (why: string) => new Problem(409, `The run ${runId} may not publish: ${why}.`);
  if (!run || run.fenced || issue.runs.findLast(({ agent }) => agent === run.agent) !== run) throw no("something newer took its place");
  const outcome = run.finished?.outcome;
  if (outcome === undefined) throw no("it has not finished");
  if (outcome !== "patch" && outcome !== "review") throw no(`its outcome is ${outcome}`);
  if ((outcome === "review") !== (run.kind === "review")) throw no(`a run of the kind ${run.kind} has no ${outcome}`);
  if (issue.held) throw no(`the issue is held by ${issue.held.by}`);
  if (issue.merged) throw no("the pull request is merged");
  if (!issue.approval) throw no("the issue is no longer approved");
  if (issue.approval.stale) throw no("the issue's text changed after it was approved");
  return outcome;
}
