/** What becomes of a merge after it: every scene in a repository of its own, in one world. */
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { x } from "tinyexec";
import type { EventType } from "../../app/domain/events.ts";
import type { StreamId } from "../../app/domain/ids.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { asUser } from "../world/github/as-user.ts";
import { personIn } from "../world/stories/person.ts";
import { approve, bash, create, finish, isAbout, priced } from "../world/stories/script.ts";
import { dataOf, type Stage, sees, streamOf, until } from "../world/stories/story.ts";
import { startWorld, type World } from "../world/world.ts";

const PATIENCE_MS = 400_000;
const toProduction = { "deploy.staging": undefined } as const;
const byThemselves = { ...toProduction, "deploy.production.workflow": undefined } as const;
const OBJECT = "Kustomization/flux-system/barge";

/** It deploys nothing and says that it has. */
const LIE = `name: Deploy
run-name: deploy \${{ inputs.environment }} \${{ inputs.sha }}
on:
  workflow_dispatch:
    inputs:
      environment: { type: string, required: true }
      sha: { type: string, required: true }
permissions: {}
jobs:
  deploy:
    name: Deploy
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: \${{ inputs.environment }}
    steps:
      - run: echo done
`;

/** It looks at the commit that it is to check. */
const VERIFY = `name: Verify
run-name: verify \${{ inputs.environment }} \${{ inputs.sha }}
on:
  workflow_dispatch:
    inputs:
      environment: { type: string, required: true }
      sha: { type: string, required: true }
permissions: {}
jobs:
  verify:
    name: Verify
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - env:
          SHA: \${{ inputs.sha }}
        run: test "\${#SHA}" = 40
`;

const folder = mkdtempSync(join(tmpdir(), "rig-release-"));
const fluxSecret = randomBytes(32).toString("hex");
let world: World;
let rig: Conductor;
let closeDatabase: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  closeDatabase = database.close;
  world = await startWorld({
    repositories: {
      lock: { policy: toProduction, environments: { production: ["jonas"] } },
      mirage: {
        policy: { ...toProduction, "timeouts.deploy": "15s", "limits.smokeRetries": 0 },
        files: { ".github/workflows/deploy.yml": LIE },
      },
      ferry: { policy: { ...byThemselves, "deploy.production.healthyFor": "20s" } },
      barge: {
        policy: {
          ...{ ...byThemselves, "deploy.production.flux": OBJECT, "deploy.production.verifyWorkflow": "verify.yml" },
          "monitor.diagnose": false,
        },
        files: { ".github/workflows/verify.yml": VERIFY },
      },
    },
  });
  rig = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, "app.log"), env: { FLUX_HOOK_SECRET: fluxSecret } });
  for (const one of scenes) {
    one.ended = one.play();
    // Whoever waits for it hears of it; until then it is nobody's.
    one.ended.catch(() => {});
  }
}, 120_000);
afterAll(async () => {
  await rig?.close();
  await world?.close();
  await closeDatabase?.();
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

/** All of them play at once. */
const scenes: { readonly name: string; readonly play: () => Promise<void>; ended?: Promise<void> }[] = [];
function scene(name: string, play: () => Promise<void>): void {
  scenes.push({ name, play });
}

const at = (name: string): Stage => ({ world, rig, shop: world.branch(name), tell: () => undefined });

/** An issue that asks for a page, and the whole script of whoever does it; answers its stream. */
async function handOver(stage: Stage, page: string): Promise<StreamId> {
  const title = `Write the page ${page} of ${stage.shop.name}`;
  world.model.script(
    isAbout(title, "implement"),
    priced([create("This is it.", `docs/${page}.md`, `# ${page}\n`), finish(`Write ${page}`, "It is there.")]),
  );
  world.model.script(isAbout(title, "review"), priced([bash("What is it?", "git show --stat"), approve("It says what is to be said.")]));
  const maria = personIn(stage, "maria");
  const number = await maria.openIssue({ title, body: `Add \`docs/${page}.md\` with its name as the heading.` });
  await maria.label(number, "agent-ready");
  return streamOf(stage, number);
}

const person = (login: keyof World["people"]) => asUser(world.github, world.people[login].token);
const placeOf = ({ shop: { owner, name: repo } }: Stage) => ({ owner, repo });
const typesOf = async (stream: StreamId) => (await rig.events(stream)).map(({ type }) => type as EventType);
const from = (types: readonly EventType[], type: EventType) => types.slice(types.indexOf(type));
/** The sentence that everybody is shown. */
const says = (stream: StreamId, text: string) =>
  sees(`${stream} to say "${text}"`, async () => (await rig.store.issueByStream(stream))?.why.includes(text));
const done = (stream: StreamId, passing: readonly EventType[] = []) => until({ rig }, stream, "ISSUE_DONE", { passing });

/** Puts a commit where production is, without GitHub. */
async function bring({ shop }: Stage, sha: string): Promise<void> {
  const tar = join(folder, `${shop.name}-${sha}.tar`);
  const { exitCode, stderr } = await x("git", ["--git-dir", shop.gitDir, "archive", `--output=${tar}`, sha]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  const headers = ["--header", `x-release-sha: ${sha}`, "--header", "expect:"];
  const url = `${world.platform.url}/${shop.name}/environments/production`;
  const put = await x("curl", ["--fail", "--silent", "--show-error", "--request", "PUT", url, ...headers, "--data-binary", `@${tar}`]);
  expect([put.exitCode, put.stderr]).toEqual([0, ""]);
}

scene("a deployment waits for its reviewers, is cancelled, comes again, and is let through", async () => {
  const stage = at("lock");
  const stream = await handOver(stage, "opening-hours");
  const waiting = await until(stage, stream, "DEPLOY_WAITING");
  expect(waiting.data).toMatchObject({ environment: "production", reviewers: ["jonas"] });
  await says(stream, `Production waits in GitHub for its reviewers (jonas): ${waiting.data.url}`);

  const place = placeOf(stage);
  const runOf = (url: string) => Number(/\/runs\/(\d+)/.exec(url)?.[1]);
  const jonas = person("jonas");
  await jonas.rest.actions.cancelWorkflowRun({ ...place, run_id: runOf(waiting.data.url) });
  await until(stage, stream, "DEPLOY_CANCELLED");
  await says(stream, "The deployment to production was cancelled: another one that has the merge in it is waited for until");

  const [merged] = dataOf(await rig.events(stream), "MERGED");
  await jonas.rest.actions.createWorkflowDispatch({
    ...{ ...place, workflow_id: "deploy.yml", ref: "main" },
    inputs: { environment: "production", sha: String(merged?.mergeSha) },
  });
  const again = await until(stage, stream, "DEPLOY_WAITING", { nth: 2 });
  const run_id = runOf(again.data.url);
  const [pending] = (await jonas.rest.actions.getPendingDeploymentsForRun({ ...place, run_id })).data;
  const review = { ...place, run_id, environment_ids: [Number(pending?.environment.id)], comment: "Go." };
  await jonas.rest.actions.reviewPendingDeploymentsForRun({ ...review, state: "approved" });
  await done(stream);
  const events = await rig.events(stream);
  expect(
    from(
      events.map(({ type }) => type),
      "DEPLOY_REQUESTED",
    ),
  ).toEqual([
    ...["DEPLOY_REQUESTED", "DEPLOY_WAITING", "DEPLOY_CANCELLED", "DEPLOY_WAITING"],
    ...["DEPLOYED_PRODUCTION", "VERIFIED", "ISSUE_DONE"],
  ]);
  expect(dataOf(events, "DEPLOYED_PRODUCTION")).toMatchObject([{ waitedMinutes: expect.any(Number) }]);
});

scene("a deployment that lies is never verified", async () => {
  const stage = at("mirage");
  await bring(stage, stage.shop.headSha);
  const stream = await handOver(stage, "returns");
  const { data } = await until(stage, stream, "SMOKE_FAILED");
  expect(data.failed).toMatchObject([{ detail: `shows sha ${stage.shop.headSha}, not the merge` }]);
  const types = await typesOf(stream);
  expect(from(types, "DEPLOY_REQUESTED").slice(0, 3)).toEqual(["DEPLOY_REQUESTED", "DEPLOYED_PRODUCTION", "SMOKE_FAILED"]);
  expect(types).not.toContain("VERIFIED");
  expect(types).not.toContain("SEEN_LIVE");
});

scene("two merges in one deployment are both verified, and one that breaks for a moment is watched anew", async () => {
  const stage = at("ferry");
  const streams = await Promise.all([handOver(stage, "gifts"), handOver(stage, "teas")]);
  await Promise.all(streams.map((stream) => until(stage, stream, "MERGED")));
  await Promise.all(streams.map((stream) => says(stream, "Waiting for the repository to deploy to production.")));

  const maria = person("maria");
  const place = placeOf(stage);
  const head = (await maria.rest.repos.getBranch({ ...place, branch: "main" })).data.commit.sha;
  await bring(stage, head);
  const wish = { ...place, ref: head, environment: "production", required_contexts: [], auto_merge: false };
  const { data: deployment } = await maria.rest.repos.createDeployment(wish);
  if (!("id" in deployment)) throw new Error("GitHub made no deployment.");
  await maria.rest.repos.createDeploymentStatus({ ...place, deployment_id: deployment.id, state: "success" });
  await Promise.all(streams.map((stream) => until(stage, stream, "SEEN_LIVE")));

  await bring(stage, stage.shop.headSha);
  await Promise.all(streams.map((stream) => until(stage, stream, "HEALTH_LOST")));
  await bring(stage, head);
  for (const stream of streams) {
    await done(stream);
    const events = await rig.events(stream);
    expect(
      from(
        events.map(({ type }) => type),
        "MERGED",
      ),
    ).toEqual([...["MERGED", "DEPLOYED_PRODUCTION", "SEEN_LIVE", "HEALTH_LOST", "SEEN_LIVE", "VERIFIED", "ISSUE_DONE"]]);
    expect(dataOf(events, "DEPLOYED_PRODUCTION")).toMatchObject([{ deploymentId: deployment.id }]);
    const [last, verified] = [events.findLast(({ type }) => type === "SEEN_LIVE"), events.find(({ type }) => type === "VERIFIED")];
    expect(Number(verified?.occurredAt) - Number(last?.occurredAt)).toBeGreaterThanOrEqual(20_000);
  }
});

scene("what Flux brings is waited for until it is ready, and verified by what answers and by a workflow", async () => {
  const stage = at("barge");
  const stream = await handOver(stage, "harvest");
  const { data } = await until(stage, stream, "MERGED");
  await says(stream, `Waiting for Flux to bring the merge to production (${OBJECT}).`);
  await tellFlux(String(data.mergeSha), "error", "HealthCheckFailed", "timeout waiting for Deployment/shop/shop");
  await says(stream, "Flux applies it and is not ready: timeout waiting for Deployment/shop/shop");
  await bring(stage, String(data.mergeSha));
  await tellFlux(String(data.mergeSha), "info", "ReconciliationSucceeded", "Reconciliation finished");
  await done(stream);
  const events = await rig.events(stream);
  expect(
    from(
      events.map(({ type }) => type),
      "MERGED",
    ),
  ).toEqual(["MERGED", "DEPLOYED_PRODUCTION", "SMOKE_REQUESTED", "VERIFIED", "ISSUE_DONE"]);
  expect(dataOf(events, "VERIFIED")[0]?.probes).toContainEqual(expect.objectContaining({ url: OBJECT, ok: true }));
  expect(dataOf(events, "VERIFIED")[0]?.probes).toContainEqual(expect.objectContaining({ name: "verify.yml", ok: true }));
});

async function tellFlux(sha: string, severity: string, reason: string, message: string): Promise<void> {
  const [kind, namespace, name] = OBJECT.split("/");
  const told = {
    involvedObject: { kind, namespace, name },
    ...{ severity, reason, message, timestamp: new Date().toISOString(), metadata: { revision: `main@sha1:${sha}` } },
  };
  const body = JSON.stringify(told);
  const signature = `sha256=${createHmac("sha256", fluxSecret).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-signature": signature };
  const response = await fetch(`${rig.url}/hooks/flux`, { method: "POST", headers, body });
  expect(response.status).toBe(202);
}

test.each(scenes)("$name", ({ ended }) => ended, PATIENCE_MS);

test("nobody asked for anything that GitHub, Discord or the model's provider would not take", () => {
  expect(world.violations()).toEqual([]);
});
