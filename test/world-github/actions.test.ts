import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createRemoteJWKSet, jwtVerify } from "jose";
import type { DispatchRequest, NewRun, RepositoryEvent, Runner } from "../world/actions.ts";
import { asUser } from "../world/github/as-user.ts";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;
const happened: RepositoryEvent[] = [];
const cancelled: number[] = [];
const dispatched: DispatchRequest[] = [];

const newRun = (more: Partial<NewRun> = {}): NewRun => ({
  repositoryId: world.created.id,
  name: "CI",
  path: ".github/workflows/ci.yml",
  event: "push",
  headBranch: "main",
  headSha: world.created.headSha,
  actor: "bob",
  displayTitle: "CI",
  ...more,
});

/** Notes what it is told, and starts a run for every dispatch but those of the branch `broken`. */
const runner: Runner = {
  happened: (event) => {
    happened.push(event);
  },
  cancel: (runId) => {
    cancelled.push(runId);
  },
  dispatch: async (request) => {
    dispatched.push(request);
    if (request.inputs.run === "broken") return { status: 422, message: 'Unexpected inputs provided: ["run"]' };
    return { runId: world.github.actions.createRun(newRun({ event: "workflow_dispatch", actor: request.actor })).id };
  },
};

beforeAll(async () => {
  world = await smallWorld();
  world.github.useRunner(runner);
});
beforeEach(async () => {
  await world.github.deliveries.settled();
  for (const list of [happened, dispatched, world.receiver.received]) list.length = 0;
});
afterAll(() => world.close());

const dispatch = (more: object = {}) =>
  world.bob.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
    ...till,
    workflow_id: "ci.yml",
    ref: "main",
    ...more,
  });

test("a dispatch reaches the runner, and names the run when asked to", async () => {
  expect((await dispatch({ inputs: { run: "r1" } })).status).toBe(204);
  expect(dispatched).toEqual([{ repositoryId: world.created.id, workflow: "ci.yml", ref: "main", inputs: { run: "r1" }, actor: "bob" }]);
  const { status, data } = await dispatch({ return_run_details: true });
  expect(status).toBe(200);
  const { data: run } = await world.ann.rest.actions.getWorkflowRun({ ...till, run_id: Number(data?.workflow_run_id) });
  expect(run).toMatchObject({ event: "workflow_dispatch", status: "queued", actor: { login: "bob" }, head_sha: world.created.headSha });
});

test("a dispatch to nothing, to no branch, or that the runner refuses, is refused", async () => {
  expect(await statusOf(dispatch({ workflow_id: "none.yml" }))).toBe(404);
  expect(await statusOf(dispatch({ ref: "nowhere" }))).toBe(422);
  expect(await statusOf(dispatch({ inputs: { run: "broken" } }))).toBe(422);
  const reader = world.rob.rest.actions.createWorkflowDispatch({ ...till, workflow_id: "ci.yml", ref: "main" });
  expect(await statusOf(reader)).toBe(403);
});

test("a job is a check run of GitHub Actions, and both are told as they go", async () => {
  const { actions } = world.github;
  const run = actions.createRun(newRun());
  const job = actions.createJob(run.id, { name: "test", labels: ["self-hosted"] });
  actions.updateRun(run.id, { status: "in_progress" });
  actions.updateJob(job, { status: "in_progress" });
  actions.updateJob(job, { status: "completed", conclusion: "failure", log: "boom\n" });
  actions.updateRun(run.id, { status: "completed", conclusion: "failure" });
  await world.github.deliveries.settled();
  const told = world.receiver.names();
  for (const event of ["workflow_run", "workflow_job"]) {
    const own = told.filter((name) => name.startsWith(event)).sort();
    expect(own).toEqual(
      [`${event}.completed`, `${event}.in_progress`, event === "workflow_run" ? `${event}.requested` : `${event}.queued`].sort(),
    );
  }
  expect(told.filter((name) => name.startsWith("check_")).sort()).toEqual([
    "check_run.completed",
    "check_run.created",
    "check_suite.completed",
  ]);
  const requested = world.receiver.received.find(({ event, payload }) => event === "workflow_run" && payload.action === "requested");
  expect(requested?.payload).toMatchObject({ workflow_run: { id: run.id, status: "queued", conclusion: null } });

  const { check_runs } = (await world.ann.rest.checks.listForRef({ ...till, ref: "main", check_name: "test" })).data;
  expect(check_runs).toMatchObject([{ id: job, conclusion: "failure", app: { id: 15368, slug: "github-actions" } }]);
  expect((await world.bob.rest.actions.downloadJobLogsForWorkflowRun({ ...till, job_id: job })).data).toBe("boom\n");
});

test("the runner hears of a push and of a pull request's test merge", async () => {
  const sha = await world.push("heard");
  const { number } = (await world.bob.rest.pulls.create({ ...till, title: "Heard", head: "heard", base: "main" })).data;
  expect(happened.find(({ name }) => name === "push")).toMatchObject({
    ref: "refs/heads/heard",
    sha,
    actor: "bob",
    repositoryId: world.created.id,
  });
  const opened = happened.find(({ name, action }) => name === "pull_request" && action === "opened");
  expect(opened).toMatchObject({ ref: `refs/pull/${number}/merge`, payload: { number } });
  expect((await world.ann.rest.git.getCommit({ ...till, commit_sha: opened?.sha ?? "" })).data.parents.map((parent) => parent.sha)).toEqual(
    [world.created.headSha, sha],
  );
});

test("a conflicting pull request starts nothing", async () => {
  await world.github.pushFiles({
    repository: "ann/till",
    branch: "main",
    author: "ann",
    message: "Main",
    files: { "clash.txt": "main\n" },
  });
  await world.push("clash", { "clash.txt": "branch\n" }, { from: "heard" });
  await world.bob.rest.pulls.create({ ...till, title: "Clash", head: "clash", base: "main" });
  expect(happened.filter(({ name }) => name === "pull_request")).toEqual([]);
});

test("what a job's token does starts no workflow, and is limited to what the job was given", async () => {
  const run = world.github.actions.createRun(newRun());
  const job = asUser(world.github, world.github.actions.mintJobToken(run.id, { issues: "write" }));
  const { data } = await job.rest.issues.create({ ...till, title: "By the job" });
  expect(data.user?.login).toBe("github-actions[bot]");
  expect(happened.filter(({ name }) => name === "issues")).toEqual([]);
  await world.bob.rest.issues.createComment({ ...till, issue_number: data.number, body: "by a person" });
  expect(happened.map(({ name }) => name)).toContain("issue_comment");
  expect(await statusOf(job.rest.pulls.list(till))).toBe(403);
  await world.github.deliveries.settled();
  expect(world.receiver.names()).toContain("issues.opened");
});

test("a job's token neither opens nor approves pull requests, whatever it was given", async () => {
  await world.push("by-job");
  const run = world.github.actions.createRun(newRun());
  const job = asUser(world.github, world.github.actions.mintJobToken(run.id, { pull_requests: "write", contents: "write" }));
  expect(await statusOf(job.rest.pulls.create({ ...till, title: "x", head: "by-job", base: "main" }))).toBe(403);
  const { number: pull_number } = (await world.bob.rest.pulls.create({ ...till, title: "x", head: "by-job", base: "main" })).data;
  expect(await statusOf(job.rest.pulls.createReview({ ...till, pull_number, event: "APPROVE" }))).toBe(422);
});

test("a job's token ends with its run", async () => {
  const run = world.github.actions.createRun(newRun());
  const job = asUser(world.github, world.github.actions.mintJobToken(run.id, { contents: "read" }));
  expect(await statusOf(job.rest.repos.get(till))).toBe(200);
  world.github.actions.updateRun(run.id, { status: "completed", conclusion: "success" });
  expect(await statusOf(job.rest.repos.get(till))).toBe(401);
});

test("a run that ends may start another workflow", async () => {
  const run = world.github.actions.createRun(newRun());
  world.github.actions.updateRun(run.id, { status: "completed", conclusion: "success" });
  await world.github.deliveries.settled();
  expect(happened.filter(({ name }) => name === "workflow_run").map(({ action }) => action)).toEqual(["requested", "completed"]);
  expect(happened.filter(({ name }) => name === "check_run")).toEqual([]);
});

test("a running workflow is cancelled through the runner; a finished one cannot be", async () => {
  const run = world.github.actions.createRun(newRun());
  expect(await statusOf(world.bob.rest.actions.cancelWorkflowRun({ ...till, run_id: run.id }))).toBe(200);
  expect(cancelled).toEqual([run.id]);
  world.github.actions.updateRun(run.id, { status: "completed", conclusion: "cancelled" });
  expect(await statusOf(world.bob.rest.actions.cancelWorkflowRun({ ...till, run_id: run.id }))).toBe(409);
});

test("the issuer's token can be verified by what it publishes, and says which run it is of", async () => {
  const { actions, oidcIssuer } = world.github;
  const run = actions.createRun(newRun());
  const jobWorkflowRef = "ann/till/.github/workflows/ci.yml@refs/heads/main";
  const token = await actions.mintOidcToken(run.id, "engineering-rig", { jobWorkflowRef });
  const { jwks_uri, issuer } = (await (await fetch(`${oidcIssuer}/.well-known/openid-configuration`)).json()) as {
    jwks_uri: string;
    issuer: string;
  };
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), { issuer, audience: "engineering-rig" });
  expect(payload).toMatchObject({
    sub: "repo:ann/till:ref:refs/heads/main",
    repository: "ann/till",
    repository_id: String(world.created.id),
    run_id: String(run.id),
    run_attempt: "1",
    actor: "bob",
    ref: "refs/heads/main",
    sha: world.created.headSha,
    workflow_ref: jobWorkflowRef,
    job_workflow_ref: jobWorkflowRef,
    event_name: "push",
  });
  const environment = await actions.mintOidcToken(run.id, "x", { jobWorkflowRef, environment: "production" });
  const keys = createRemoteJWKSet(new URL(jwks_uri));
  expect((await jwtVerify(environment, keys)).payload.sub).toBe("repo:ann/till:environment:production");
});

test("a job's deployment is told, and a success takes the place of the one before", async () => {
  const { actions } = world.github;
  const run = actions.createRun(newRun());
  const [first, second] = [actions.createDeployment(run.id, "staging", 7), actions.createDeployment(run.id, "staging", 7)];
  actions.createDeploymentStatus(first, "success", "https://staging.example");
  actions.createDeploymentStatus(second, "success");
  const states = async (deployment_id: number) =>
    (await world.ann.rest.repos.listDeploymentStatuses({ ...till, deployment_id })).data.map(({ state }) => state);
  expect(await states(first)).toEqual(["inactive", "success"]);
  expect(await states(second)).toEqual(["success"]);
  await world.github.deliveries.settled();
  const told = world.receiver.received.find(({ event }) => event === "deployment_status");
  expect(told?.payload).toMatchObject({
    deployment_status: {
      ...{ state: "success", environment_url: "https://staging.example" },
      log_url: expect.stringMatching(`/actions/runs/${run.id}/job/7$`),
    },
    deployment: { environment: "staging", sha: world.created.headSha },
  });
});

test("an artifact is saved once and read back, by the runner and over the API", async () => {
  const { actions } = world.github;
  const run = actions.createRun(newRun());
  actions.saveArtifact(run.id, "bundle", Buffer.from("bytes"));
  expect(() => actions.saveArtifact(run.id, "bundle", Buffer.from("other"))).toThrow("cannot be changed");
  expect(actions.artifact(run.id, "bundle")?.toString()).toBe("bytes");
  const [artifact] = (await world.ann.rest.actions.listWorkflowRunArtifacts({ ...till, run_id: run.id })).data.artifacts;
  const { data } = await world.ann.rest.actions.downloadArtifact({ ...till, artifact_id: Number(artifact?.id), archive_format: "zip" });
  expect(Buffer.from(data as ArrayBuffer).toString()).toBe("bytes");
});

test("all of it agrees with GitHub's own description", () => {
  expect(world.github.violations).toEqual([]);
});
