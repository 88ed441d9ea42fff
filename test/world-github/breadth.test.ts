import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { asUser } from "../world/github/as-user.ts";
import { endpoints } from "../world/github/rest/table.ts";
import { type SmallWorld, smallWorld, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld({}, { environments: { production: ["rob"] } });
});
afterAll(() => world.close());

/** A runner that starts one run of whatever it is asked for. */
function useObedientRunner({ github, created }: SmallWorld): void {
  github.useRunner({
    happened: () => {},
    cancel: () => {},
    dispatch: async ({ repositoryId, workflow, ref, actor }) => {
      const path = `.github/workflows/${workflow}`;
      const run = {
        repositoryId,
        name: "CI",
        path,
        event: "workflow_dispatch",
        headBranch: ref,
        headSha: created.headSha,
        actor,
        displayTitle: "CI",
      };
      return { runId: github.actions.createRun(run).id };
    },
  });
}

test("issues, labels, comments and reactions", async () => {
  const { ann, tia } = world;
  const first = (await ann.rest.issues.create({ ...till, title: "One", body: "Do it", labels: ["critical"], assignees: ["bob"] })).data;
  const second = (await ann.rest.issues.create({ ...till, title: "Two", body: "After #1" })).data;
  const one = { ...till, issue_number: 1 };
  await ann.rest.issues.update({ ...one, title: "One!", body: "Do it now" });
  await tia.rest.issues.addLabels({ ...one, labels: ["agent-ready", "new"] });
  await tia.rest.issues.setLabels({ ...one, labels: ["agent-ready"] });
  await tia.rest.issues.removeLabel({ ...one, name: "agent-ready" });
  await tia.rest.issues.removeAllLabels({ ...till, issue_number: 2 });
  await ann.rest.issues.addAssignees({ ...one, assignees: ["ann"] });
  await ann.rest.issues.lock(one);
  await ann.rest.issues.unlock(one);
  const comment = (await ann.rest.issues.createComment({ ...one, body: "Hello #2" })).data;
  const said = { ...till, comment_id: comment.id };
  await ann.rest.issues.updateComment({ ...said, body: "Hello there" });
  await ann.rest.issues.getComment(said);
  await ann.rest.issues.listComments(one);
  await ann.rest.issues.listCommentsForRepo(till);
  const reaction = (await ann.rest.reactions.createForIssueComment({ ...said, content: "eyes" })).data;
  await ann.rest.reactions.listForIssueComment(said);
  await ann.rest.reactions.deleteForIssueComment({ ...said, reaction_id: reaction.id });
  await ann.rest.reactions.createForIssue({ ...one, content: "rocket" });
  await ann.rest.reactions.listForIssue(one);
  await ann.rest.issues.deleteComment(said);
  await ann.request("POST /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by", {
    ...one,
    issue_number: 2,
    issue_id: first.id,
  });
  await ann.request("GET /repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by", { ...one, issue_number: second.number });
  await ann.rest.issues.get(one);
  await ann.rest.issues.listForRepo({ ...till, state: "all", labels: "critical" });
  await ann.rest.issues.listEvents(one);
  await ann.rest.issues.listEventsForTimeline(one);
  await ann.rest.issues.listLabelsOnIssue(one);
  await ann.rest.issues.createLabel({ ...till, name: "fresh", color: "00ff00", description: "New" });
  await ann.rest.issues.updateLabel({ ...till, name: "fresh", new_name: "stale" });
  await ann.rest.issues.getLabel({ ...till, name: "stale" });
  await ann.rest.issues.listLabelsForRepo(till);
  await ann.rest.issues.deleteLabel({ ...till, name: "stale" });
});

test("milestones and dependencies", async () => {
  const { ann } = world;
  const { id, number: issue_number } = (await ann.rest.issues.create({ ...till, title: "Later" })).data;
  const milestone = { ...till, milestone_number: (await ann.rest.issues.createMilestone({ ...till, title: "v1" })).data.number };
  await ann.rest.issues.listMilestones(till);
  await ann.rest.issues.getMilestone(milestone);
  await ann.rest.issues.updateMilestone({ ...milestone, description: "First" });
  await ann.rest.issues.update({ ...till, issue_number, milestone: milestone.milestone_number });
  await ann.rest.issues.deleteMilestone(milestone);
  await ann.rest.issues.addBlockedByDependency({ ...till, issue_number: 1, issue_id: id });
  await ann.rest.issues.listDependenciesBlocking({ ...till, issue_number });
  await ann.rest.issues.removeDependencyBlockedBy({ ...till, issue_number: 1, issue_id: id });
});

test("rules, and what becomes of repositories and installations", async () => {
  const { github, ann, jwt, people } = world;
  github.setRules("ann/till", { requiredChecks: ["test"] });
  const [ruleset] = (await ann.rest.repos.getRepoRulesets(till)).data;
  await ann.rest.repos.getRepoRuleset({ ...till, ruleset_id: ruleset?.id ?? 0 });
  github.setRules("ann/till", {});
  await github.createRepository({ owner: "bob", name: "shed", files: { "README.md": "# Shed\n" } });
  const bob = asUser(github, people.bob.token);
  await bob.rest.repos.update({ owner: "bob", repo: "shed", name: "barn", private: true });
  await bob.rest.repos.transfer({ owner: "bob", repo: "barn", new_owner: "ann" });
  await ann.rest.repos.delete({ owner: "ann", repo: "barn" });
  const { installationId: installation_id } = github.install(world.app.id, "bob", []);
  await jwt.rest.apps.suspendInstallation({ installation_id });
  await jwt.rest.apps.unsuspendInstallation({ installation_id });
  await jwt.rest.apps.deleteInstallation({ installation_id });
});

test("pull requests, reviews and merges", async () => {
  const { ann, bob } = world;
  await world.push("change");
  const { number: pull_number } = (
    await bob.rest.pulls.create({ ...till, title: "Change", head: "change", base: "main", body: "Closes #1" })
  ).data;
  const pull = { ...till, pull_number };
  await bob.rest.pulls.list({ ...till, head: "ann:change", state: "all" });
  await bob.rest.pulls.get(pull);
  await bob.rest.pulls.update({ ...pull, title: "Change it" });
  await bob.rest.pulls.listFiles(pull);
  await bob.rest.pulls.listCommits(pull);
  await bob.rest.pulls.requestReviewers({ ...pull, reviewers: ["ann", "tia"] });
  await bob.rest.pulls.listRequestedReviewers(pull);
  await bob.rest.pulls.removeRequestedReviewers({ ...pull, reviewers: ["tia"] });
  const pending = (await ann.rest.pulls.createReview({ ...pull, body: "Hm", comments: [{ path: "src/sum.ts", line: 3, body: "Why?" }] }))
    .data;
  await ann.rest.pulls.submitReview({ ...pull, review_id: pending.id, event: "REQUEST_CHANGES" });
  const [remark] = (await ann.rest.pulls.listReviewComments(pull)).data;
  await bob.rest.pulls.createReplyForReviewComment({ ...pull, comment_id: remark?.id ?? 0, body: "Because" });
  await ann.rest.pulls.listCommentsForReview({ ...pull, review_id: pending.id });
  await ann.rest.pulls.dismissReview({ ...pull, review_id: pending.id, message: "Never mind" });
  await ann.rest.pulls.getReview({ ...pull, review_id: pending.id });
  await ann.rest.pulls.listReviews(pull);
  await ann.rest.issues.listEventsForTimeline({ ...till, issue_number: pull_number });
  const { sha } = (await ann.rest.pulls.merge({ ...pull, merge_method: "squash" })).data;
  await ann.rest.pulls.checkIfMerged(pull);
  await ann.rest.repos.listPullRequestsAssociatedWithCommit({ ...till, commit_sha: sha });
});

test("checks, statuses and deployments", async () => {
  const app = await world.asApp();
  const { headSha: head_sha } = world.created;
  const check = (
    await app.rest.checks.create({ ...till, name: "rig/gates", head_sha, status: "in_progress", output: { title: "t", summary: "s" } })
  ).data;
  const annotations = [{ path: "a", start_line: 1, end_line: 1, annotation_level: "warning" as const, message: "m" }];
  await app.rest.checks.update({
    ...till,
    check_run_id: check.id,
    conclusion: "success",
    output: { title: "t", summary: "s", annotations },
  });
  await app.rest.checks.get({ ...till, check_run_id: check.id });
  await app.rest.checks.listAnnotations({ ...till, check_run_id: check.id });
  await app.rest.checks.listForRef({ ...till, ref: "main" });
  await app.rest.checks.rerequestRun({ ...till, check_run_id: check.id });
  const suite = (await app.rest.checks.createSuite({ ...till, head_sha })).data;
  await app.rest.checks.getSuite({ ...till, check_suite_id: suite.id });
  await app.rest.checks.listForSuite({ ...till, check_suite_id: suite.id });
  await app.rest.checks.listSuitesForRef({ ...till, ref: head_sha });
  await app.rest.repos.createCommitStatus({ ...till, sha: head_sha, state: "success", context: "old" });
  await app.rest.repos.listCommitStatusesForRef({ ...till, ref: "main" });
  await app.rest.repos.getCombinedStatusForRef({ ...till, ref: head_sha });
  const made = await app.rest.repos.createDeployment({ ...till, ref: "main", environment: "staging", required_contexts: [] });
  const deployment = { ...till, deployment_id: "id" in made.data ? made.data.id : 0 };
  const status = (await app.rest.repos.createDeploymentStatus({ ...deployment, state: "success", environment_url: "https://till.example" }))
    .data;
  await app.rest.repos.listDeployments({ ...till, environment: "staging" });
  await app.rest.repos.getDeployment(deployment);
  await app.rest.repos.listDeploymentStatuses(deployment);
  await app.rest.repos.getDeploymentStatus({ ...deployment, status_id: status.id });
});

test("contents, commits and git data", async () => {
  const { ann } = world;
  await ann.rest.repos.getContent({ ...till, path: "src/sum.ts" });
  await ann.rest.repos.getContent({ ...till, path: "src" });
  await ann.rest.repos.getContent({ ...till, path: "" });
  await ann.rest.repos.listCommits({ ...till, path: "src" });
  const { sha, commit } = (await ann.rest.repos.getCommit({ ...till, ref: "main" })).data;
  await ann.rest.repos.compareCommitsWithBasehead({ ...till, basehead: `${world.created.headSha}...main` });
  await ann.rest.git.getRef({ ...till, ref: "heads/main" });
  await ann.rest.git.createRef({ ...till, ref: "refs/heads/side", sha });
  await ann.rest.git.updateRef({ ...till, ref: "heads/side", sha: world.created.headSha, force: true });
  await ann.rest.git.listMatchingRefs({ ...till, ref: "heads/" });
  await ann.rest.git.deleteRef({ ...till, ref: "heads/side" });
  await ann.rest.git.getCommit({ ...till, commit_sha: sha });
  await ann.rest.git.createCommit({ ...till, message: "As it was", tree: commit.tree.sha, parents: [sha] });
  const { tree } = (await ann.rest.git.getTree({ ...till, tree_sha: commit.tree.sha, recursive: "1" })).data;
  await ann.rest.git.getBlob({ ...till, file_sha: tree.find(({ path }) => path === "README.md")?.sha ?? "" });
  await ann.rest.repos.listBranches(till);
  await ann.rest.repos.getBranch({ ...till, branch: "main" });
  await ann.rest.repos.getBranchProtection({ ...till, branch: "main" }).catch(() => {});
  await ann.rest.repos.getBranchRules({ ...till, branch: "main" });
  await ann.rest.repos.codeownersErrors(till).catch(() => {});
  await ann.rest.repos.listActivities({ ...till, ref: "refs/heads/main" });
});

test("a merge in the background, and rules", async () => {
  const { ann } = world;
  await world.push("background", { "background.txt": "x\n" });
  const { number } = (await ann.rest.pulls.create({ ...till, title: "Background", head: "background", base: "main" })).data;
  const { data } = await ann.request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async", { ...till, pull_number: number });
  const uuid = "uuid" in data.details ? data.details.uuid : "";
  await ann.request("GET /repos/{owner}/{repo}/pulls/{pull_number}/merge-async/{uuid}", { ...till, pull_number: number, uuid });
  const onDefault = { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } };
  await ann.rest.repos.createRepoRuleset({
    ...till,
    name: "default branch",
    enforcement: "active",
    conditions: onDefault,
    rules: [{ type: "deletion" }],
  });
});

test("the repository, its people, and who one is", async () => {
  const { github, ann, jwt, installationId } = world;
  const app = await world.asApp();
  await ann.rest.repos.get(till);
  await ann.rest.repos.listCollaborators(till);
  await ann.rest.repos.getCollaboratorPermissionLevel({ ...till, username: "tia" });
  await ann.rest.users.getAuthenticated();
  await ann.rest.users.getByUsername({ username: "rig[bot]" });
  await ann.rest.users.getById({ account_id: (await ann.rest.users.getAuthenticated()).data.id });
  await ann.rest.rateLimit.get();
  await jwt.rest.apps.getAuthenticated();
  await jwt.rest.apps.getBySlug({ app_slug: "rig" });
  await jwt.rest.apps.listInstallations();
  await jwt.rest.apps.getInstallation({ installation_id: installationId });
  await jwt.rest.apps.getRepoInstallation(till);
  await jwt.rest.apps.getWebhookConfigForApp();
  await app.rest.apps.listReposAccessibleToInstallation();
  const passing = asUser(github, await world.mint());
  await passing.rest.apps.revokeInstallationAccessToken();
  await github.deliveries.settled();
  const [delivery] = (await jwt.rest.apps.listWebhookDeliveries({ per_page: 1 })).data;
  await jwt.rest.apps.getWebhookDelivery({ delivery_id: delivery?.id ?? 0 });
  await jwt.rest.apps.redeliverWebhookDelivery({ delivery_id: delivery?.id ?? 0 });
});

test("workflows and their runs", async () => {
  useObedientRunner(world);
  const { github, ann } = world;
  const app = await world.asApp();
  const wish = { ...till, workflow_id: "ci.yml", ref: "main", return_run_details: true };
  const { data } = await app.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", wish);
  const run_id = Number(data?.workflow_run_id);
  const jobId = github.actions.createJob(run_id, { name: "test", labels: ["self-hosted"] });
  github.actions.updateRun(run_id, { status: "in_progress" });
  github.actions.updateJob(jobId, { status: "in_progress" });
  await app.rest.actions.cancelWorkflowRun({ ...till, run_id });
  const steps = [{ name: "make", number: 1, status: "completed", conclusion: "success" }] as const;
  github.actions.updateJob(jobId, { status: "completed", conclusion: "success", steps, log: "made\n" });
  github.actions.saveArtifact(run_id, "out", Buffer.from("zip"));
  github.actions.updateRun(run_id, { status: "completed", conclusion: "success" });
  await ann.rest.actions.listWorkflowRunsForRepo({ ...till, status: "success" });
  await ann.rest.actions.listWorkflowRuns({ ...till, workflow_id: "ci.yml" });
  await ann.rest.actions.getWorkflowRun({ ...till, run_id });
  await ann.rest.actions.listJobsForWorkflowRun({ ...till, run_id });
  await ann.rest.actions.getJobForWorkflowRun({ ...till, job_id: jobId });
  expect((await ann.rest.actions.downloadJobLogsForWorkflowRun({ ...till, job_id: jobId })).data).toBe("made\n");
  const [artifact] = (await ann.rest.actions.listWorkflowRunArtifacts({ ...till, run_id })).data.artifacts;
  await ann.rest.actions.getArtifact({ ...till, artifact_id: Number(artifact?.id) });
  await ann.rest.actions.downloadArtifact({ ...till, artifact_id: Number(artifact?.id), archive_format: "zip" });
  await ann.rest.actions.listRepoWorkflows(till);
  await ann.rest.actions.getWorkflow({ ...till, workflow_id: "ci.yml" });
});

test("deployments that wait for their reviewers", async () => {
  useObedientRunner(world);
  const { github, ann, rob } = world;
  const app = await world.asApp();
  const wish = { ...till, workflow_id: "ci.yml", ref: "main", return_run_details: true };
  const { data } = await app.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", wish);
  const run_id = Number(data?.workflow_run_id);
  const held = github.actions.holdDeployment(run_id, "production", 7, new AbortController().signal);
  const [pending] = (await ann.rest.actions.getPendingDeploymentsForRun({ ...till, run_id })).data;
  const review = { ...till, run_id, environment_ids: [Number(pending?.environment.id)], comment: "Go" };
  await rob.rest.actions.reviewPendingDeploymentsForRun({ ...review, state: "approved" });
  expect(await held?.approved).toBe(true);
  await app.rest.actions.getReviewsForRun({ ...till, run_id });
});

test("all that is served was called, and everything said agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
  expect(world.github.unknownRoutes).toEqual([]);
  const called = new Set([...world.github.reads.keys(), ...world.github.writes.map(({ operation }) => operation)]);
  expect(endpoints.map(({ id }) => id).filter((id) => !called.has(id))).toEqual([]);
});
