/** What each effect does when GitHub's answer is lost, or is a no. GitHub's answers are recorded ones, given by nock. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import nock from "nock";
import { RunId, Sha } from "../../app/domain/ids.ts";
import { cancelRun } from "../../app/executors/cancel-run.ts";
import { deleteBranch } from "../../app/executors/delete-branch.ts";
import { deploy } from "../../app/executors/deploy.ts";
import { dispatchRun } from "../../app/executors/dispatch-run.ts";
import { show } from "../../app/executors/show/show.ts";
import { hands } from "./hands.ts";

const head = Sha.parse("a".repeat(40));
const runId = RunId.parse("00000000-0000-4000-8000-000000000001");
const repo = "/repos/acme/shop";
const github = () => nock("https://api.github.com");

beforeAll(() => nock.disableNetConnect());
// nock holds the whole process, which other test files share.
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

const dispatched = { workflow_run_id: 55, run_url: "https://api.github.com/x", html_url: "https://github.com/acme/shop/actions/runs/55" };

test("R22: a run's id is all that its dispatch carries", async () => {
  github()
    .post(`${repo}/actions/workflows/dev-e.yml/dispatches`, { ref: "main", inputs: { run: runId }, return_run_details: true })
    .reply(200, dispatched);
  expect(await dispatchRun({ runId, workflow: "dev-e.yml", ref: "main" }, hands())).toMatchObject({ run: { runId, workflowRunId: 55 } });
});

test("R-Q2: a dispatch whose answer was lost is found by the run's title", async () => {
  const run = { id: 56, html_url: "u", display_title: `Dev-E ${runId}`, created_at: "2026-11-22T09:00:00Z" };
  github()
    .get(`${repo}/actions/workflows/dev-e.yml/runs`)
    .query({ event: "workflow_dispatch", per_page: 100 })
    .reply(200, { total_count: 1, workflow_runs: [run] });
  expect(await dispatchRun({ runId, workflow: "dev-e.yml", ref: "main" }, hands({ unknown: true }))).toMatchObject({
    run: { workflowRunId: 56 },
  });
});

test("a deployment whose answer was lost is done when none like it is found since it was planned", async () => {
  const older = { id: 57, html_url: "u", display_title: `deploy staging ${head}`, created_at: "2026-11-22T08:59:59Z" };
  github()
    .get(`${repo}/actions/workflows/deploy.yml/runs`)
    .query(true)
    .reply(200, { total_count: 1, workflow_runs: [older] });
  github()
    .post(`${repo}/actions/workflows/deploy.yml/dispatches`, {
      ref: "main",
      inputs: { environment: "staging", sha: head },
      return_run_details: true,
    })
    .reply(200, dispatched);
  expect(await deploy({ environment: "staging", workflow: "deploy.yml", ref: "main", sha: head }, hands({ unknown: true }))).toEqual({
    response: { workflowRunId: 55 },
  });
});

test.each([[409], [404]])("a run that has ended already (%i) needs no cancelling", async (status) => {
  github().post(`${repo}/actions/runs/55/cancel`).reply(status, { message: "no" });
  expect(await cancelRun({ runId }, hands({ workflowRunId: 55 }))).toMatchObject({ response: { cancelled: false } });
});

test("a branch that is gone is what was wanted", async () => {
  github().delete(`${repo}/git/refs/heads%2Frig%2F12`).reply(422, { message: "Reference does not exist" });
  expect(await deleteBranch({ branch: "rig/12" }, hands())).toMatchObject({ response: { deleted: false } });
});

const comment = {
  hash: "h",
  rendering: { surface: "issue-comment" as const, number: 12, body: "<!-- rig:status acme/shop#12 -->\n\nhunter2hunter2" },
};
const bodySent = { body: "<!-- rig:status acme/shop#12 -->\n\n***" };

test("R20: a comment goes out without secrets, and its id is kept", async () => {
  github().get(`${repo}/issues/12/comments`).query({ per_page: 100 }).reply(200, []);
  github().post(`${repo}/issues/12/comments`, bodySent).reply(201, { id: 77 });
  expect(await show(comment, hands())).toMatchObject({ surface: { surface: "issue-comment", hash: "h", externalId: "77@12" } });
});

test("a comment is edited in place", async () => {
  github().patch(`${repo}/issues/comments/77`, bodySent).reply(200, { id: 77 });
  expect(await show(comment, hands({ externalId: "77@12" }))).toMatchObject({ surface: { externalId: "77@12" } });
  // As it was kept before it said where it stands.
  github().patch(`${repo}/issues/comments/77`, bodySent).reply(200, { id: 77 });
  expect(await show(comment, hands({ externalId: "77" }))).toMatchObject({ surface: { externalId: "77@12" } });
});

test("the comment of an earlier pull request is not this one's", async () => {
  github().get(`${repo}/issues/12/comments`).query({ per_page: 100 }).reply(200, []);
  github().post(`${repo}/issues/12/comments`, bodySent).reply(201, { id: 78 });
  expect(await show(comment, hands({ externalId: "77@7" }))).toMatchObject({ surface: { externalId: "78@12" } });
});

test("R21: a marker counts only in our own comment", async () => {
  const forged = { id: 1, user: { id: 20 }, body: comment.rendering.body };
  github()
    .get(`${repo}/issues/12/comments`)
    .query({ per_page: 100 })
    .reply(200, [forged, { ...forged, id: 2, user: { id: 900 } }]);
  github().patch(`${repo}/issues/comments/2`).reply(200, { id: 2 });
  expect(await show(comment, hands({ unknown: true }))).toMatchObject({ surface: { externalId: "2@12" } });
});

test("a comment that somebody deleted is written anew", async () => {
  github().patch(`${repo}/issues/comments/77`).reply(404, { message: "Not Found" });
  github().post(`${repo}/issues/12/comments`).reply(201, { id: 78 });
  expect(await show(comment, hands({ externalId: "77@12" }))).toMatchObject({ surface: { externalId: "78@12" } });
});

test("exactly one state label is left, and people's labels are not touched", async () => {
  github()
    .get(`${repo}/issues/12/labels`)
    .query({ per_page: 100 })
    .reply(200, [{ name: "bug" }, { name: "rig:queued" }]);
  github()
    .post(`${repo}/issues/12/labels`, { labels: ["rig:working"] })
    .reply(200, []);
  github().delete(`${repo}/issues/12/labels/rig%3Aqueued`).reply(200, []);
  await show({ hash: "h", rendering: { surface: "labels", number: 12, add: "rig:working", family: "rig:queued,rig:working" } }, hands());
});

const check = {
  surface: "gates-check" as const,
  check: { name: "rig/gates", headSha: head, status: "completed" as const, conclusion: "success" as const, title: "t", summary: "s" },
};

test("a check of another head is a new check run", async () => {
  github()
    .get(`${repo}/commits/${head}/check-runs`)
    .query({ check_name: "rig/gates", app_id: 7 })
    .reply(200, { total_count: 0, check_runs: [] });
  github()
    .post(`${repo}/check-runs`, (body) => body.head_sha === head && body.conclusion === "success")
    .reply(201, { id: 5 });
  expect(await show({ hash: "h", rendering: check }, hands({ externalId: `${"b".repeat(40)}/4` }))).toMatchObject({
    surface: { externalId: `${head}/5` },
  });
});

test("a check of the same head is edited", async () => {
  github().patch(`${repo}/check-runs/4`).reply(200, { id: 4 });
  expect(await show({ hash: "h", rendering: check }, hands({ externalId: `${head}/4` }))).toMatchObject({
    surface: { externalId: `${head}/4` },
  });
});

test("remarks that GitHub has already are not sent again: it adds them to those it has", async () => {
  const remark = (line: number) => ({ path: "db/1.sql", line, level: "warning" as const, title: "schema gate", message: "a migration" });
  const shown = { path: "db/1.sql", start_line: 1, end_line: 1, annotation_level: "warning", message: "a migration", title: "schema gate" };
  github().get(`${repo}/check-runs/4/annotations`).query({ per_page: 100 }).reply(200, [shown]);
  const sent = jest.fn();
  github()
    .patch(`${repo}/check-runs/4`, (body) => {
      sent(body.output.annotations);
      return true;
    })
    .reply(200, { id: 4 });
  const rendering = { ...check, check: { ...check.check, annotations: [remark(1), remark(2)] } };
  await show({ hash: "h", rendering }, hands({ externalId: `${head}/4` }));
  expect(sent).toHaveBeenCalledWith([expect.objectContaining({ start_line: 2 })]);
});

test("of the labels that tell of gates exactly those are there that are wanted, and people's own stay", async () => {
  const issue = `${repo}/issues/7/labels`;
  github()
    .get(issue)
    .query({ per_page: 100 })
    .reply(200, [{ name: "gate:auth" }, { name: "gate:schema" }, { name: "bug" }]);
  github()
    .post(issue, { labels: ["gate:deletion"] })
    .reply(200, []);
  github().delete(`${issue}/gate%3Aauth`).reply(200, []);
  const rendering = { surface: "gate-labels" as const, number: 7, names: ["deletion", "schema"], prefix: "gate:" };
  await show({ hash: "h", rendering }, hands());
  expect(nock.pendingMocks()).toEqual([]);
});
