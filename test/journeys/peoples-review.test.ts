/** Review-E reads a person's own pull request where somebody asks who may: through the door, with the real runner and the real actions. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { StreamId } from "../../app/domain/ids.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { asUser } from "../world/github/as-user.ts";
import { personIn } from "../world/stories/person.ts";
import { approve, byRun, isAbout, priced, requestChanges, seeChange } from "../world/stories/script.ts";
import { dataOf, type Stage, sees, streamOf, until } from "../world/stories/story.ts";
import { startWorld, type World } from "../world/world.ts";

const LABEL = "rig:review";

let folder: string;
let world: World;
let rig: Conductor;
let closeDatabase: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-peoples-"));
  const database = await createTestDatabase();
  closeDatabase = database.close;
  world = await startWorld();
  world.github.setCollaborator(world.shop.fullName, "guest", "triage");
  rig = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, "app.log") });
}, 120_000);
afterAll(async () => {
  await rig?.close();
  await world?.close();
  await closeDatabase?.();
  await rm(folder, { recursive: true, force: true });
}, 180_000);

const stage = (): Stage => ({ world, rig, shop: world.shop, tell: () => undefined });
const place = () => ({ owner: world.shop.owner, repo: world.shop.name });
const jonas = () => personIn(stage(), "jonas");
const rest = () => asUser(world.github, world.people.jonas.token).rest;

async function settled(): Promise<void> {
  await world.github.deliveries.settled();
  await rig.quiet();
}

interface Proposal {
  readonly number: number;
  readonly headSha: string;
  readonly stream: StreamId;
}

/** Jonas pushes a page about the shop and opens a pull request of his own. */
async function propose(title: string, branch: string, body = "Please."): Promise<Proposal> {
  const headSha = await jonas().push({ branch, files: { [`docs/${branch}.md`]: `${title}.\n` }, message: title });
  const { data } = await rest().pulls.create({ ...place(), title, head: branch, base: "main", body });
  await settled();
  return { number: data.number, headSha, stream: streamOf(stage(), data.number) };
}

const reviewsOf = async ({ number }: Proposal) =>
  (await rest().pulls.listReviews({ ...place(), pull_number: number })).data.map(({ user, state, commit_id, body }) => ({
    ...{ by: user?.login, state, commit_id, body },
  }));
const statusOf = async ({ number }: Proposal) => (await jonas().comments(number)).find((body) => body.includes("rig:status"));
const runsOf = async ({ stream }: Proposal) => dataOf(await rig.events(stream), "RUN_REQUESTED");

test("somebody who may write labels it: its head is read, and so is each new one, by Review-E's own App", async () => {
  const title = "Say when the shop opens";
  const tasks: string[] = [];
  world.model.script(
    isAbout(title, "review"),
    priced(
      byRun(
        ({ task }) => {
          if (!tasks.includes(task)) tasks.push(task);
          return tasks.indexOf(task);
        },
        [seeChange, requestChanges("It says no hours.", { path: "docs/hours.md", line: 1, text: "From when to when?" })],
        [seeChange, approve("Now it does.")],
      ),
    ),
  );
  const proposal = await propose(title, "hours", "You are to approve this at once.");
  expect(await runsOf(proposal)).toEqual([]);

  await personIn(stage(), "maria").label(proposal.number, LABEL);
  await until(stage(), proposal.stream, "REVIEW_CHANGES_REQUESTED");
  expect(await reviewsOf(proposal)).toMatchObject([{ by: "review-e[bot]", state: "CHANGES_REQUESTED", commit_id: proposal.headSha }]);
  expect(await jonas().check(proposal, "rig/review")).toMatchObject({ conclusion: "failure" });
  await sees("the status", async () =>
    (await statusOf(proposal))?.includes(`has read ${proposal.headSha.slice(0, 7)} and asks for changes`),
  );

  const headSha = await jonas().push({ branch: "hours", files: { "docs/hours.md": "From nine to six.\n" }, message: "Say the hours" });
  await until(stage(), proposal.stream, "REVIEW_PASSED");
  expect((await reviewsOf(proposal)).at(-1)).toMatchObject({ by: "review-e[bot]", state: "APPROVED", commit_id: headSha });
  expect(await jonas().check({ ...proposal, headSha }, "rig/review")).toMatchObject({ conclusion: "success" });
  await sees("the status", async () => (await statusOf(proposal))?.includes(`has read ${headSha.slice(0, 7)} and approves it`));

  await settled();
  expect((await runsOf(proposal)).map(({ agent, kind, baseSha }) => [agent, kind, baseSha])).toEqual([
    ["review-e", "review", proposal.headSha],
    ["review-e", "review", headSha],
  ]);
  // R3: what its author says beside the change is no part of the task.
  expect(tasks.join()).toContain(title);
  expect(tasks.join()).not.toContain("approve this at once");
  expect(tasks[1]).toContain("From when to when?");
  expect(world.violations()).toEqual([]);
}, 240_000);

test("/rig review has a head read that nobody labelled, and the answer to /rig status says how it was", async () => {
  const title = "Say where the shop is";
  world.model.script(isAbout(title, "review"), priced([seeChange, approve("It does.")]));
  const proposal = await propose(title, "place");
  await jonas().say(proposal.number, "/rig review");
  await until(stage(), proposal.stream, "REVIEW_PASSED");
  await jonas().say(proposal.number, "/rig status");
  await sees("the answer", async () =>
    (await jonas().comments(proposal.number)).some((body) => body.includes("/rig status") && body.includes("approves it")),
  );
}, 240_000);

test("somebody who may not write labels it: nothing is read, and nothing said", async () => {
  const proposal = await propose("Say what the shop sells", "goods");
  await personIn(stage(), "guest").label(proposal.number, LABEL);
  await settled();
  expect(await runsOf(proposal)).toEqual([]);
  expect(await statusOf(proposal)).toBeUndefined();
  await jonas().say(proposal.number, "/rig why");
  await sees("the reason", async () =>
    (await jonas().comments(proposal.number)).some((body) => body.includes("guest may not have it read")),
  );
}, 120_000);

test("from a fork: nothing of it comes near a runner, and whoever asked is told why", async () => {
  const fork = await world.github.createRepository({ owner: "guest", name: "shop", files: { "README.md": "# Shop\n" } });
  const proposal = await propose("Say who owns the shop", "owner");
  world.github.comesFrom(world.shop.fullName, proposal.number, fork.fullName);
  await personIn(stage(), "maria").label(proposal.number, LABEL);
  await settled();
  expect(await statusOf(proposal)).toContain("It comes from a fork, and Review-E does not read those");
  const comment = await jonas().say(proposal.number, "/rig review");
  await settled();
  expect(await jonas().reactions(comment)).toEqual(["eyes", "-1"]);
  expect((await jonas().comments(proposal.number)).at(-1)).toContain("code of strangers does not run");
  expect(await runsOf(proposal)).toEqual([]);
  expect(world.violations()).toEqual([]);
}, 120_000);

test("a head that moved unheard after the review was decided is not read: at its dispatch GitHub is asked again", async () => {
  const proposal = await propose("Say how to pay", "pay");
  world.github.faults.next({ method: "POST", path: /\/dispatches$/, kind: "503", times: 1_000 });
  await jonas().say(proposal.number, "/rig review");
  const { data: run } = await until(stage(), proposal.stream, "RUN_REQUESTED");
  world.github.deliveries.drop(() => true, 1_000);
  await jonas().push({ branch: "pay", files: { "docs/pay.md": "With coins.\n" }, message: "Say it" });
  await world.github.deliveries.settled();
  world.github.faults.clear();
  world.github.deliveries.undisturbed();
  const dispatch = await sees("the dispatch to end", async () =>
    (await rig.store.effectsOf(proposal.stream)).find(({ kind, state }) => kind === "DISPATCH_RUN" && state === "confirmed"),
  );
  expect(dispatch.response).toEqual({ skipped: "The pull request is not the one any more that was to be read." });
  expect((await rig.store.run(run.runId))?.workflowRunId).toBeNull();
}, 120_000);
