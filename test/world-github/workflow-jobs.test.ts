import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type StandInRunner, startRunner } from "../world/runner/runner.ts";
import { type SmallWorld, smallWorld, till } from "./small-world.ts";

let world: SmallWorld;
let runner: StandInRunner;

const workflow = (concurrency: string) =>
  `on: workflow_dispatch\n${concurrency}jobs: { build: { runs-on: [self-hosted, rig], steps: [{ run: "true" }] } }\n`;
const sleeping = `on: workflow_dispatch
concurrency: { group: sleepers, cancel-in-progress: true }
jobs: { build: { runs-on: rig, steps: [{ run: sleep 300 }] } }
`;

beforeAll(async () => {
  world = await smallWorld(
    {},
    {
      files: {
        ".github/workflows/free.yml": workflow(""),
        ".github/workflows/alone.yml": workflow("concurrency: deploy\n"),
        ".github/workflows/sleep.yml": sleeping,
      },
    },
  );
  const options = { rigRoot: ".", rigRepository: "engineering-rig/engineering-rig", path: process.env.PATH ?? "" };
  runner = await startRunner(world.github.actions, options);
  world.github.useRunner(runner);
});
beforeEach(async () => {
  await runner.idle();
  await world.github.deliveries.settled();
  world.receiver.received.length = 0;
});
afterAll(async () => {
  await runner.stop();
  await world.close();
});

async function dispatch(workflow_id: string): Promise<number> {
  const app = await world.asApp();
  const wish = { ...till, workflow_id, ref: "main", return_run_details: true };
  const { data } = await app.request("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", wish);
  return Number(data?.workflow_run_id);
}

/** What the run's only job says, and what is written beside it. */
async function jobOf(run_id: number) {
  const { jobs } = (await world.bob.rest.actions.listJobsForWorkflowRun({ ...till, run_id })).data;
  const [job] = jobs;
  if (!job || jobs.length > 1) throw new Error(`Run ${run_id} has ${jobs.length} jobs.`);
  const { data } = await world.bob.rest.checks.listAnnotations({ ...till, check_run_id: job.id });
  return { status: job.status, conclusion: job.conclusion, annotations: data.map(({ message }) => message) };
}

async function reaches(run_id: number, status: string): Promise<void> {
  while ((await jobOf(run_id).catch(() => undefined))?.status !== status) await pause(20);
}

test("a job stays queued while no runner comes, and is told at every step with what it asks for", async () => {
  runner.pause();
  const id = await dispatch("free.yml");
  await runner.idle();
  expect(await jobOf(id)).toMatchObject({ status: "queued", conclusion: null });
  runner.resume();
  await runner.idle();
  expect(await jobOf(id)).toEqual({ status: "completed", conclusion: "success", annotations: [] });
  await world.github.deliveries.settled();
  const told = world.receiver.received.filter(({ event }) => event === "workflow_job").map(({ payload }) => payload);
  expect(told.map(({ action }) => action)).toEqual(["queued", "in_progress", "completed"]);
  expect(told[0]).toMatchObject({ workflow_job: { run_id: id, name: "build", status: "queued", labels: ["self-hosted", "rig"] } });
});

test("a run whose place a newer one takes says so on its job", async () => {
  runner.pause();
  const ids = [await dispatch("alone.yml"), await dispatch("alone.yml"), await dispatch("alone.yml")];
  runner.resume();
  await runner.idle();
  expect(await Promise.all(ids.map(jobOf))).toMatchObject([
    { conclusion: "success", annotations: [] },
    { conclusion: "cancelled", annotations: ["Canceling since a higher priority waiting request for 'deploy' exists"] },
    { conclusion: "success", annotations: [] },
  ]);
});

test("a run that is under way is told the same when a newer one ends it", async () => {
  const first = await dispatch("sleep.yml");
  await reaches(first, "in_progress");
  const second = await dispatch("sleep.yml");
  await reaches(first, "completed");
  expect(await jobOf(first)).toMatchObject({
    conclusion: "cancelled",
    annotations: ["Canceling since a higher priority waiting request for 'sleepers' exists"],
  });
  await reaches(second, "in_progress");
  await world.bob.rest.actions.cancelWorkflowRun({ ...till, run_id: second });
  await reaches(second, "completed");
  expect(await jobOf(second)).toMatchObject({ conclusion: "cancelled", annotations: [] });
});

test("a run that a person cancels while it is queued says nothing of a newer one", async () => {
  runner.pause();
  const id = await dispatch("free.yml");
  await runner.idle();
  await world.bob.rest.actions.cancelWorkflowRun({ ...till, run_id: id });
  await runner.idle();
  runner.resume();
  expect(await jobOf(id)).toEqual({ status: "completed", conclusion: "cancelled", annotations: [] });
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
