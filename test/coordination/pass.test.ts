import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { coordinate } from "../../app/coordinate.ts";
import { milestoneJob, syncMilestone } from "../../app/coordination/milestones.ts";
import { conductor as conductorE } from "../../app/domain/envelope.ts";
import { eventId, IssueNumber, issueStream, RepositoryId } from "../../app/domain/ids.ts";
import { newIssue } from "../../app/domain/issue.ts";
import { project } from "../../app/domain/projection.ts";
import { asUser } from "../world/github/as-user.ts";
import { type InProcess, openInProcess } from "./in-process.ts";

let rig: InProcess;

beforeAll(async () => {
  rig = await openInProcess({ webhookUrl: "http://127.0.0.1:9/" });
  rig.github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
}, 180_000);
afterAll(async () => rig?.close());

async function open(owner: string) {
  rig.github.createOrganization(owner);
  const { id } = await rig.github.createRepository({
    ...{ owner, name: "shop", private: true, labels: ["agent-ready"], collaborators: { maria: "admin" } },
    files: { "README.md": "Shop.\n" },
  });
  const { installationId } = rig.github.install(rig.app.id, owner, ["shop"]);
  return { id, installationId, place: { owner, repo: "shop" }, fullName: `${owner}/shop`, home: `repo/${owner}/shop` };
}

const maria = () => asUser(rig.github, rig.maria.token);
/** Beside that its configuration was read. */
const typesOf = async (stream: string) =>
  (await rig.store.readStream(stream)).map(({ type }) => type).filter((type) => type !== "CONFIG_CHANGED");
const noticesOf = async (stream: string) => (await rig.store.effectsOf(stream)).filter(({ kind }) => kind === "NOTIFY");

test("an installation that cannot be read is left as it was, and the others are gone through", async () => {
  const [broken, whole] = [await open("broken"), await open("whole")];
  const conductor = rig.begin();
  await coordinate(conductor);
  await maria().rest.issues.create({ ...whole.place, title: "Unheard", labels: ["agent-ready"] });
  const installation = async (id: number) => {
    if (id === broken.installationId) throw new Error("GitHub gives no token.");
    return conductor.github.installation(id);
  };
  await coordinate({ ...conductor, github: { ...conductor.github, installation } });
  const { rows } = await rig.pool.query("select from graphile_worker.jobs where key = $1", [`sync:${issueStream("whole", "shop", 1)}`]);
  expect(rows).toHaveLength(1);
  expect(await rig.store.repository(broken.id)).toMatchObject({ readable: true, pausedBecause: null });
  expect(await typesOf(broken.home)).not.toContain("REPOSITORY_PAUSED");
  expect(rig.log().some(({ msg, installation: named }) => named === broken.installationId && String(msg).includes("could not read"))).toBe(
    true,
  );
});

test("settings are told once when they are first well, once when they drift, with what is wrong, and once when they are well again", async () => {
  const { id, fullName, home } = await open("drifting");
  const conductor = rig.begin();
  const gates = { requiredChecks: ["rig/gates"], checkSources: { "rig/gates": rig.app.id } };
  const reviews = { requirePullRequest: true, requireCodeOwnerReview: true, dismissStaleReviews: true, requireLastPushApproval: true };
  rig.github.setRules(fullName, { ...gates, ...reviews });
  await coordinate(conductor);
  await coordinate(conductor);
  expect(await typesOf(home)).toEqual(["SETTINGS_RESTORED"]);

  rig.github.setRules(fullName, {
    ...gates,
    ...reviews,
    dismissStaleReviews: false,
    bypassActors: [{ type: "Integration", id: rig.app.id }],
  });
  await coordinate(conductor);
  await coordinate(conductor);
  const [locked, read, drifted, ...more] = await rig.store.readStream(home);
  expect(read).toMatchObject({ type: "CONFIG_CHANGED" });
  expect(locked).toMatchObject({ type: "SETTINGS_RESTORED" });
  expect(more).toEqual([]);
  expect(drifted).toMatchObject({ type: "SETTINGS_DRIFTED", data: { findings: [{ name: "stale reviews" }, { name: "bypass" }] } });
  expect(await noticesOf(home)).toMatchObject(
    [1, 3].map((version) => ({ key: `${eventId(home, version)}:NOTIFY`, data: { channel: "admin" } })),
  );

  rig.github.setRules(fullName, { ...gates, ...reviews });
  await coordinate(conductor);
  await coordinate(conductor);
  expect(await typesOf(home)).toEqual(["SETTINGS_RESTORED", "SETTINGS_DRIFTED", "SETTINGS_RESTORED"]);
  expect(await noticesOf(home)).toHaveLength(3);
  expect(await rig.store.repository(id)).toMatchObject({ pausedBecause: null });
});

test("a milestone is complete when its issues are done and GitHub shows none open, and that is said once", async () => {
  const { id, installationId, place, home } = await open("planning");
  const conductor = rig.begin();
  await coordinate(conductor);
  const { data: spring } = await maria().rest.issues.createMilestone({ ...place, title: "Spring" });
  const issue = async (title: string) => (await maria().rest.issues.create({ ...place, title, milestone: spring.number })).data.number;
  const [first, byHand] = [await issue("Mend it"), await issue("Done by a person")];
  await done(first);
  const complete = async () => (await typesOf(home)).filter((type) => type === "MILESTONE_COMPLETE").length;

  await maria().rest.issues.update({ ...place, issue_number: first, state: "closed" });
  await syncMilestone(conductor, id, "Spring", "test");
  expect(await complete()).toBe(0);

  await maria().rest.issues.update({ ...place, issue_number: byHand, state: "closed" });
  await coordinate(conductor);
  const { rows } = await rig.pool.query("select from graphile_worker.jobs where key = $1", [milestoneJob(id, "Spring").key]);
  expect(rows).toHaveLength(1);
  await syncMilestone(conductor, id, "Spring", "test");
  await syncMilestone(conductor, id, "Spring", "test");
  expect(await complete()).toBe(1);
  expect((await rig.store.readStream(home)).at(-1)).toMatchObject({ data: { milestone: "Spring", issueCount: 1 } });
  expect((await noticesOf(home)).at(-1)).toMatchObject({ data: { channel: "conductor-e" } });

  async function done(number: number): Promise<void> {
    const subject = {
      ...{ stream: issueStream(place.owner, place.repo, number), installationId, repositoryId: RepositoryId.parse(id) },
      ...{ ...place, number: IssueNumber.parse(number) },
    };
    const at = new Date("2026-11-22T09:00:00Z");
    const approval = {
      title: "Mend it",
      body: "",
      bodyHash: "",
      approvedBy: "maria",
      actId: "1",
      dependsOn: [],
      milestone: "Spring",
      at,
      stale: false,
    };
    await rig.store.append({
      stream: subject.stream,
      expectedVersion: 0,
      events: [
        {
          ...{ type: "ISSUE_DONE", data: { durationMinutes: 1, attempts: 1, usd: 0, humanWaitMinutes: 0 } },
          ...{ actor: conductorE, causationId: "test", correlationId: subject.stream },
        },
      ],
      projection: project(subject, { ...newIssue, approval, doneAt: at }, "It is done."),
    });
  }
});

test("F31: under a former name a read follows, and a write is refused instead of becoming a read", async () => {
  const { installationId, place, fullName } = await open("moving");
  const octokit = await rig.begin().github.installation(installationId);
  const { number } = (await maria().rest.issues.create({ ...place, title: "Mend it" })).data;
  rig.github.renameRepository(fullName, "store", "maria");
  expect((await octokit.rest.issues.get({ ...place, issue_number: number })).data.title).toBe("Mend it");
  await expect(octokit.rest.issues.createComment({ ...place, issue_number: number, body: "Hello" })).rejects.toMatchObject({
    status: expect.any(Number),
    message: expect.stringContaining("was said to"),
  });
  const { data } = await octokit.rest.issues.listComments({ owner: place.owner, repo: "store", issue_number: number });
  expect(data).toEqual([]);
});

test("a second repository of a former name gets streams of its own", async () => {
  const { id, place, fullName } = await open("twice");
  const conductor = rig.begin();
  await coordinate(conductor);
  rig.github.renameRepository(fullName, "first", "maria");
  const second = await rig.github.createRepository({
    owner: place.owner,
    name: place.repo,
    files: { "README.md": "Second.\n" },
    private: true,
  });
  rig.github.install(rig.app.id, place.owner, ["first", place.repo]);
  await coordinate(conductor);
  expect(await rig.store.repository(id)).toMatchObject({ name: "first", stream: "repo/twice/shop" });
  expect(await rig.store.repository(second.id)).toMatchObject({ name: "shop", stream: `repo/twice/shop/${second.id}` });
  expect(await typesOf(`repo/twice/shop/${second.id}`)).not.toContain("REPOSITORY_RENAMED");
});

test("everything that was asked agrees with GitHub's own description", () => {
  expect(rig.github.violations).toEqual([]);
  expect(rig.github.unknownRoutes).toEqual([]);
});
