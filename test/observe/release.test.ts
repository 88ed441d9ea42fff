import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Sha } from "../../app/domain/ids.ts";
import { noRelease } from "../../app/domain/issue.ts";
import { Policy } from "../../app/domain/policy.ts";
import { heardWith } from "../../app/monitor/heard-text.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { type KnownRelease, observeRelease } from "../../app/observe/release.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";

let world: SmallWorld;
let rig: Awaited<ReturnType<SmallWorld["asApp"]>>;
let before: string;
let merge: Sha;
/** A later merge, which has the first in it. */
let later: string;
/** What another branch has without it. */
let aside: string;
let nth = 0;

beforeAll(async () => {
  world = await smallWorld({}, { environments: { [environmentOf(4)]: ["rob"], [environmentOf(5)]: ["rob"] } });
  rig = await world.asApp();
});
beforeEach(async () => {
  nth += 1;
  before = await world.push("main", { "a.txt": `${nth}\n` });
  aside = await world.push(`aside-${nth}`, { "c.txt": `${nth}\n` });
  merge = Sha.parse(await world.push("main", { "b.txt": `${nth}\n` }));
  later = await world.push("main", { "b.txt": `${nth}, later\n` });
});
afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

/** Each test has an environment of its own. */
function environmentOf(n: number): string {
  return `production-${n}`;
}

const verify = (more: object = {}) => Policy.parse({ deploy: { production: { environment: environmentOf(nth), ...more } } });
const issue = (deployed = false) => ({
  merged: { headSha: merge, mergeSha: merge, at: new Date(Date.now() - 1_000) },
  release: { staging: noRelease, production: deployed ? { ...noRelease, deployedAt: new Date() } : noRelease },
});
const reader = () => ({ octokit: rig, ...till, memory: createMemory() });
const look = (known: KnownRelease = {}, policy = verify(), deployed = false) =>
  observeRelease(reader(), "production", policy, issue(deployed), known);

type State = "success" | "failure" | "inactive" | "in_progress" | "error";

async function deploy(sha: string, ...states: readonly State[]): Promise<number> {
  const { data } = await world.bob.rest.repos.createDeployment({
    ...till,
    ref: sha,
    environment: environmentOf(nth),
    required_contexts: [],
    auto_merge: false,
  });
  if (!("id" in data)) throw new Error("GitHub merged instead of deploying.");
  for (const state of states)
    await world.bob.rest.repos.createDeploymentStatus({ ...till, deployment_id: data.id, state, auto_inactive: true });
  return data.id;
}

function newRun(): number {
  const { id: repositoryId } = world.created;
  const run = { repositoryId, name: "Deploy", path: ".github/workflows/deploy.yml", event: "workflow_dispatch" };
  return world.github.actions.createRun({ ...run, headBranch: "main", headSha: merge, actor: "bob", displayTitle: "Deploy" }).id;
}
const end = (run: number, conclusion: "success" | "failure" | "cancelled") =>
  world.github.actions.updateRun(run, { status: "completed", conclusion });

test("nothing was deployed yet, or only what does not have the merge in it", async () => {
  expect(await look()).toEqual({ probes: [] });
  await deploy(before, "success");
  await deploy(aside, "success");
  expect(await look()).toEqual({ probes: [] });
});

test("a deployment is followed to its success, also as part of a later merge", async () => {
  const id = await deploy(later);
  expect(await look()).toMatchObject({ deployment: { id, sha: later, state: "pending" } });
  await world.bob.rest.repos.createDeploymentStatus({
    ...till,
    deployment_id: id,
    state: "success",
    environment_url: "http://shop.example",
  });
  expect(await look()).toMatchObject({ deployment: { id, state: "success", url: "http://shop.example" } });
});

test("what a later deployment took the place of was live, and counts where that one has it too", async () => {
  await deploy(merge, "success");
  const id = await deploy(later, "success");
  expect(await look()).toMatchObject({ deployment: { id, state: "success" } });
});

test("a run of the environment waits for its reviewers, who are named; their refusal is told in their words", async () => {
  const run = newRun();
  const held = world.github.actions.holdDeployment(run, environmentOf(nth), 7, new AbortController().signal);
  const waiting = { state: "waiting", reviewers: ["rob"], url: expect.stringContaining(`/actions/runs/${run}`) };
  expect(await look()).toMatchObject({ deployment: { id: held?.deployment, ...waiting } });
  expect(await look({ deployRun: run })).toMatchObject({ deployment: waiting });
  const [pending] = (await world.rob.rest.actions.getPendingDeploymentsForRun({ ...till, run_id: run })).data;
  const review = { ...till, run_id: run, environment_ids: [Number(pending?.environment.id)] };
  await world.rob.rest.actions.reviewPendingDeploymentsForRun({ ...review, state: "rejected", comment: "Not on a\nFriday.\u202e" });
  expect(await held?.approved).toBe(false);
  world.github.actions.createDeploymentStatus(Number(held?.deployment), "failure");
  end(run, "failure");
  expect(await look()).toMatchObject({ deployment: { state: "failure", because: "rob did not let it through: Not on a Friday." } });
});

test("once it was let through, it tells since when it goes on", async () => {
  const run = newRun();
  const held = world.github.actions.holdDeployment(run, environmentOf(nth), 7, new AbortController().signal);
  const [pending] = (await world.rob.rest.actions.getPendingDeploymentsForRun({ ...till, run_id: run })).data;
  const review = { ...till, run_id: run, environment_ids: [Number(pending?.environment.id)], comment: "" };
  await world.rob.rest.actions.reviewPendingDeploymentsForRun({ ...review, state: "approved" });
  await held?.approved;
  world.github.actions.createDeploymentStatus(Number(held?.deployment), "in_progress");
  expect(await look()).toMatchObject({ deployment: { state: "pending", startedAt: expect.any(Date), changedAt: expect.any(Date) } });
});

test("a cancelled run is no failure, although its deployment shows one", async () => {
  const run = newRun();
  const id = world.github.actions.createDeployment(run, environmentOf(nth), 7);
  world.github.actions.createDeploymentStatus(id, "failure");
  end(run, "cancelled");
  expect(await look()).toMatchObject({ deployment: { id, state: "cancelled" } });
});

test("a cancelled deployment gives way to another that has the merge in it", async () => {
  const run = newRun();
  world.github.actions.createDeploymentStatus(world.github.actions.createDeployment(run, environmentOf(nth), 7), "failure");
  end(run, "cancelled");
  const id = await deploy(later, "success");
  expect(await look({ deployRun: run })).toMatchObject({ deployment: { id, state: "success" } });
});

test.each(["failure", "cancelled"] as const)("a run that was a %s before it made a deployment is seen by itself", async (conclusion) => {
  const run = newRun();
  expect(await look({ deployRun: run })).toMatchObject({ deployment: { state: "pending" } });
  end(run, conclusion);
  const { deployment } = (await look({ deployRun: run })) ?? {};
  expect(deployment).toMatchObject({ state: conclusion, sha: merge, url: expect.stringContaining(`/actions/runs/${run}`) });
  expect(deployment).not.toHaveProperty("id");
});

test("a run that made no deployment of this name is told of, and still waited for", async () => {
  const run = newRun();
  end(run, "success");
  expect(await look({ deployRun: run })).toMatchObject({
    deployment: { state: "pending", because: "its workflow run concluded well and made no such deployment" },
  });
});

test("a merge that was live and whose place something without it took is not live", async () => {
  const id = await deploy(merge, "success");
  const other = await deploy(aside, "success");
  expect(await look()).toMatchObject({
    deployment: {
      id,
      state: "replaced",
      because: expect.stringContaining(`deployment ${other} of ${aside.slice(0, 7)}, which does not have the merge in it`),
    },
  });
  const again = await deploy(later, "in_progress");
  expect(await look()).toMatchObject({ deployment: { id: again, state: "pending" } });
});

test("a deployment that was put aside before it was live never came", async () => {
  await deploy(merge, "in_progress", "inactive");
  expect(await look()).toMatchObject({ deployment: { state: "cancelled" } });
});

test("Flux's word counts where the repository says so, and its commit has the merge in it", async () => {
  const policy = verify({ flux: "Kustomization/flux-system/shop" });
  const report = { object: "Kustomization/flux-system/shop", revision: "", message: "Health check\nfailed", at: new Date() };
  expect(await look({}, policy)).toEqual({ probes: [] });
  expect(await look({ flux: { ...report, sha: Sha.parse(before), ready: true } }, policy)).toEqual({ probes: [] });
  expect(await look({ flux: { ...report, sha: Sha.parse(later), ready: false } }, policy)).toMatchObject({
    deployment: { state: "pending", because: "Flux applies it and is not ready: Health check failed" },
  });
  const ready = { flux: { ...report, sha: Sha.parse(later), ready: true } };
  expect(await look(ready, policy)).toMatchObject({ deployment: { state: "success", sha: later }, probes: [] });
  expect(await look(ready, policy, true)).toMatchObject({ probes: [{ ok: true, url: report.object }] });
});

test("what strangers write is told without secrets (P15)", async () => {
  const heard = heardWith((text) => text.replaceAll("sesame", "[hidden]"));
  const report = { object: "Kustomization/flux-system/shop", revision: "", at: new Date(), ready: false, sha: merge };
  const policy = verify({ flux: report.object });
  expect(await look({ heard, flux: { ...report, message: "open sesame" } }, policy)).toMatchObject({
    deployment: { because: "Flux applies it and is not ready: open [hidden]" },
  });
});

test("a deployment that lies is found out by what answers", async () => {
  let shown = before;
  const server = createServer((_, response) => response.end(JSON.stringify({ sha: shown })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/version`;
  try {
    const policy = verify({ verify: [{ url, json: { sha: "{sha}" } }] });
    await deploy(merge, "success");
    expect(await look({}, policy, true)).toMatchObject({ probes: [{ ok: false, detail: `shows sha ${before}, not the merge` }] });
    for (shown of [merge, later]) expect(await look({}, policy, true)).toMatchObject({ probes: [{ ok: true }] });
  } finally {
    server.close();
  }
});

test("where nothing tells its commit, GitHub's word about the deployment is one of the checks", async () => {
  const id = await deploy(merge, "success");
  expect(await look({}, verify(), true)).toMatchObject({
    probes: [{ ok: true, name: `deployment to ${environmentOf(nth)}`, detail: `shows ${merge.slice(0, 7)} as live` }],
  });
  const other = await deploy(aside, "success");
  expect(await look({}, verify(), true)).toMatchObject({
    probes: [{ ok: false, detail: expect.stringMatching(`^deployment ${other} of .* took the place of deployment ${id}$`) }],
  });
});

test("the run of the workflow that checks it is followed by its number", async () => {
  const run = newRun();
  await deploy(merge, "success");
  expect(await look({ checkRun: run }, verify(), true)).toMatchObject({ checkRun: { state: "pending" } });
  end(run, "cancelled");
  expect(await look({ checkRun: run }, verify(), true)).toMatchObject({ checkRun: { state: "cancelled" } });
});
