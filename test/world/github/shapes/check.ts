import type { CheckRun, CheckSuite, CommitStatus } from "../state/check.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { showSimpleCommit } from "./commit.ts";
import { nodeId } from "./node-id.ts";
import { showApp, showUser } from "./people.ts";
import { pullsAt, showPullMinimal } from "./pull.ts";
import { apiOf, htmlOf, showRepository } from "./repository.ts";

const runsOf = (repository: Repository, suite: CheckSuite) =>
  [...repository.checkRuns.values()].filter(({ suiteId }) => suiteId === suite.id);
const worstFirst = ["failure", "timed_out", "cancelled", "action_required", "neutral", "skipped", "success"] as const;

/** A suite is what its runs add up to. */
export function suiteState(repository: Repository, suite: CheckSuite) {
  const runs = runsOf(repository, suite);
  if (!runs.length) return { status: "queued", conclusion: null } as const;
  if (runs.some(({ status }) => status !== "completed")) return { status: "in_progress", conclusion: null } as const;
  const conclusion = worstFirst.find((one) => runs.some((run) => run.conclusion === one)) ?? "success";
  return { status: "completed", conclusion } as const;
}

function showSuiteInside(world: World, repository: Repository, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(repository, suite),
    url: `${apiOf(world, repository)}/check-suites/${suite.id}`,
    before: null,
    after: suite.headSha,
    pull_requests: pullsAt(repository, suite.headSha).map((issue) => showPullMinimal(world, repository, issue)),
    app: showApp(world, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.createdAt,
  };
}

export async function showCheckSuite(world: World, repository: Repository, suite: CheckSuite) {
  return {
    ...showSuiteInside(world, repository, suite),
    repository: showRepository(world, repository),
    head_commit: await showSimpleCommit(repository, suite.headSha),
    latest_check_runs_count: runsOf(repository, suite).length,
    check_runs_url: `${apiOf(world, repository)}/check-suites/${suite.id}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

export function showCheckRun(world: World, repository: Repository, run: CheckRun) {
  const url = `${apiOf(world, repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${htmlOf(world, repository)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suiteId },
    app: showApp(world, run.app),
    pull_requests: pullsAt(repository, run.headSha).map((issue) => showPullMinimal(world, repository, issue)),
  };
}

/** Webhooks show more of the suite. */
export function showCheckRunInWebhook(world: World, repository: Repository, run: CheckRun) {
  const suite = repository.checkSuites.get(run.suiteId);
  return { ...showCheckRun(world, repository, run), ...(suite ? { check_suite: showSuiteInside(world, repository, suite) } : {}) };
}

export function showStatus(world: World, repository: Repository, status: CommitStatus) {
  return {
    url: `${apiOf(world, repository)}/statuses/${status.sha}`,
    avatar_url: `${world.origin}/avatars/u/${status.author.user.id}`,
    id: status.id,
    node_id: nodeId("Status", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.at,
    updated_at: status.at,
    creator: showUser(world, status.author.user),
  };
}
