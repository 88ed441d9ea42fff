import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { conductor } from "../../app/domain/envelope.ts";
import type { EventType, RigEvent } from "../../app/domain/events.ts";
import { IssueNumber, issueStream, RunId, repositoryStream } from "../../app/domain/ids.ts";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { openBusyRepository } from "../reliability/busy-repository.ts";
import { openSender, underAnotherGuid } from "../reliability/sender.ts";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { asUser } from "../world/github/as-user.ts";
import type { Outgoing } from "../world/github/webhooks/delivery.ts";
import { startWorld, type World } from "../world/world.ts";
import { appJwt } from "../world-github/small-world.ts";

const place = { owner: "acme", repo: "busy" };
const stream = (number: number) => issueStream(place.owner, place.repo, number);
const sender = openSender();
let folder: string;
let testDatabase: TestDatabase;
let world: World;
let rig: Conductor;
let [jonas, maria, guest]: ReturnType<typeof asUser>[] = [];

const as = (who: ReturnType<typeof asUser> | undefined) => {
  if (!who) throw new Error("Nobody is there yet.");
  return who.rest;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-spoken-"));
  testDatabase = await createTestDatabase();
  world = await startWorld();
  await openBusyRepository(world);
  world.github.setCollaborator("acme/busy", "maria", "admin");
  world.github.setCollaborator("acme/busy", "guest", "read");
  world.github.deliveries.undisturbed();
  [jonas, maria, guest] = [world.people.jonas, world.people.maria, world.people.guest].map(({ token }) => asUser(world.github, token));
  rig = await startConductor(world, { databaseUrl: testDatabase.url, logFile: join(folder, "app.log") });
}, 180_000);
afterAll(async () => {
  sender.close();
  await rig?.close();
  await world?.close();
  await testDatabase?.close();
  await rm(folder, { recursive: true, force: true });
});

const issue = async (labels: readonly string[] = []): Promise<number> =>
  (await as(jonas).issues.create({ ...place, title: "Round prices", body: "Half up, please.", labels: [...labels] })).data.number;

const say = async (who: ReturnType<typeof asUser> | undefined, issue_number: number, body: string): Promise<number> =>
  (await as(who).issues.createComment({ ...place, issue_number, body })).data.id;

async function events<T extends EventType>(number: number, type: T): Promise<readonly RigEvent<T>["data"][]> {
  return (await rig.events(stream(number))).flatMap((event) => (event.type === type ? [event.data as RigEvent<T>["data"]] : []));
}

async function until<T>(what: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await what();
    if (found !== undefined) return found;
    await pause(20);
  }
}

/** The verdict on a command, once it is written. */
const verdict = (number: number, commentId: number) =>
  until(async () => (await events(number, "COMMAND_RECEIVED")).find((command) => command.commentId === commentId));

/** Everything that was told is heard, and everything that follows is done. */
async function settled(): Promise<void> {
  await world.github.deliveries.settled();
  await rig.quiet();
}

const reactions = async (comment_id: number) =>
  (await as(jonas).reactions.listForIssueComment({ ...place, comment_id })).data.map(({ content, user }) => `${user?.login} ${content}`);

/** What the Rig said there, its status comment left out. */
const replies = async (issue_number: number) =>
  (await as(jonas).issues.listComments({ ...place, issue_number, per_page: 100 })).data
    .filter(({ user, body }) => user?.login === world.apps.rig.botLogin && body?.includes("<!-- rig:comment "))
    .map(({ body }) => body ?? "");

const bot = () => world.apps.rig.botLogin;

/** Somebody says something of which the Rig is not told, and what GitHub would have told. Only that delivery is lost: the Rig's own comments cause others. */
async function unheard(who: ReturnType<typeof asUser> | undefined, number: number, text: string) {
  const tells = ({ event, action, body }: Outgoing) =>
    event === "issue_comment" &&
    action === "created" &&
    body.includes(`"number":${number},`) &&
    body.includes(`"body":${JSON.stringify(text)}`);
  world.github.deliveries.drop(tells);
  const commentId = await say(who, number, text);
  const delivery = await until(async () => world.github.deliveries.all().find((one) => one.lost && tells(one)));
  return { commentId, delivery };
}

test("a person who may write is seen, obeyed and told so", async () => {
  const number = await issue(["agent-ready"]);
  await until(async () => (await events(number, "RUN_REQUESTED"))[0]);
  const commentId = await say(jonas, number, "/rig stop we ship today");
  expect(await verdict(number, commentId)).toMatchObject({
    verb: "stop",
    args: "we ship today",
    by: "jonas",
    verdict: "accepted",
    on: number,
  });
  expect(await events(number, "ISSUE_HELD")).toEqual([{ by: "jonas", reason: "jonas stopped it: we ship today" }]);
  expect((await rig.events(stream(number))).find(({ type }) => type === "ISSUE_HELD")?.actor).toEqual({
    kind: "human",
    login: "jonas",
    id: world.people.jonas.id,
  });
  await settled();
  expect(await reactions(commentId)).toEqual([`${bot()} eyes`, `${bot()} rocket`]);
  expect((await rig.store.issueByStream(stream(number)))?.state).toBe("held");

  await verdict(number, await say(jonas, number, "/rig resume"));
  await settled();
  expect(await events(number, "ISSUE_RELEASED")).toEqual([{ by: "jonas", reason: "jonas gave it back." }]);
});

test("an issue that the Rig never saw is handed over by a word", async () => {
  const number = await issue();
  await settled();
  expect(await rig.events(stream(number))).toEqual([]);
  const commentId = await say(maria, number, "/rig start");
  await verdict(number, commentId);
  await settled();
  expect(await events(number, "ISSUE_APPROVED")).toMatchObject([
    { title: "Round prices", body: "Half up, please.", approvedBy: "maria", actId: `comment:${commentId}` },
  ]);
  expect(await events(number, "RUN_REQUESTED")).toHaveLength(1);
  expect(await events(number, "ISSUE_WITHDRAWN")).toEqual([]);
});

test("a question is answered below a quotation that mentions nobody", async () => {
  const number = await issue();
  const commentId = await say(guest, number, "/rig why");
  await verdict(number, commentId);
  await settled();
  const [reply, ...more] = await replies(number);
  expect(more).toEqual([]);
  expect(reply).toMatch(/^<!-- rig:comment .*-->\n> guest: \/rig why\n\nWaiting for a person/);
});

test.each([
  ["a guest may not stop anything", () => guest, "/rig hold"],
  ["who may write may not set the strikes back", () => jonas, "/rig reset strikes"],
  ["who is not of RIG_CTO may not roll back", () => jonas, `/rig rollback ${"0".repeat(40)}`],
])("%s, and gets a thumb down", async (_, who, command) => {
  const number = await issue(["agent-ready"]);
  const commentId = await say(who(), number, command);
  const heard = await verdict(number, commentId);
  expect([heard.verdict, heard.reply]).toEqual(["refused", undefined]);
  await settled();
  expect(await reactions(commentId)).toEqual([`${bot()} eyes`, `${bot()} -1`]);
  expect((await rig.store.issueByStream(stream(number)))?.state).toBe("assigned");
  expect(await replies(number)).toEqual([]);
});

test("a permission counts as it is when the command is heard", async () => {
  const number = await issue();
  const { commentId, delivery } = await unheard(jonas, number, "/rig start");
  world.github.setCollaborator("acme/busy", "jonas", "read");
  await sender.connect().deliver(delivery);
  expect((await verdict(number, commentId)).verdict).toBe("refused");
  await settled();
  world.github.setCollaborator("acme/busy", "jonas", "write");
  expect(await events(number, "ISSUE_APPROVED")).toEqual([]);
});

test("an unknown verb gets a reaction and no word, wrong arguments get the usage", async () => {
  const number = await issue();
  const unknown = await say(jonas, number, "/rig frobnicate");
  const wrong = await say(maria, number, "/rig budget much");
  expect((await verdict(number, unknown)).verdict).toBe("unknown");
  expect((await verdict(number, wrong)).verdict).toBe("unknown");
  await settled();
  expect(await reactions(unknown)).toEqual([`${bot()} eyes`, `${bot()} confused`]);
  expect(await reactions(wrong)).toEqual([`${bot()} eyes`, `${bot()} confused`]);
  expect(await replies(number)).toEqual([expect.stringContaining("`/rig budget <usd>`")]);
});

test("a bot, and a quotation by a person, ask for nothing", async () => {
  const app = world.github.createApp({ slug: "helper", name: "Helper", permissions: { issues: "write", metadata: "read" }, events: [] });
  world.github.setCollaborator("acme/busy", "helper[bot]", "admin");
  const { installationId } = world.github.install(app.id, place.owner, [place.repo]);
  const jwt = asUser(world.github, appJwt(app));
  const { data } = await jwt.rest.apps.createInstallationAccessToken({ installation_id: installationId });
  const number = await issue();
  const ids = [await say(asUser(world.github, data.token), number, "/rig start"), await say(jonas, number, "> /rig start\n\nReally?")];
  await settled();
  await rig.coordinate();
  await settled();
  expect(await rig.events(stream(number))).toEqual([]);
  expect((await Promise.all(ids.map(reactions))).flat()).toEqual([]);
});

test("a comment that was edited into a command asks for nothing, and neither does a command that was edited", async () => {
  const number = await issue();
  const edited = await say(jonas, number, "Hello.");
  const { commentId: unsaid, delivery } = await unheard(jonas, number, "/rig start");
  const { data } = await as(jonas).issues.getComment({ ...place, comment_id: unsaid });
  // GitHub's times have whole seconds.
  await until(async () => (Date.now() - Date.parse(data.created_at) >= 1_000 ? true : undefined));
  await as(jonas).issues.updateComment({ ...place, comment_id: edited, body: "/rig start" });
  await as(maria).issues.updateComment({ ...place, comment_id: unsaid, body: "/rig start " });
  await sender.connect().deliver(delivery);
  await settled();
  await rig.coordinate();
  await settled();
  expect(await rig.events(stream(number))).toEqual([]);
  expect((await Promise.all([edited, unsaid].map(reactions))).flat()).toEqual([]);
});

test("a comment that is gone when it would be heard asks for nothing", async () => {
  const number = await issue();
  const { commentId, delivery } = await unheard(jonas, number, "/rig start");
  await as(jonas).issues.deleteComment({ ...place, comment_id: commentId });
  await sender.connect().deliver(delivery);
  await settled();
  expect(await rig.events(stream(number))).toEqual([]);
});

test("the same comment told five times, and found by the coordination, counts once", async () => {
  const number = await issue();
  const { commentId, delivery } = await unheard(jonas, number, "/rig why");
  const times = [delivery, ...Array.from({ length: 4 }, () => underAnotherGuid(delivery))];
  await Promise.all(times.map((one) => sender.connect().deliver(one)));
  await verdict(number, commentId);
  await rig.coordinate();
  await settled();
  await sender.connect().deliver(underAnotherGuid(delivery));
  await settled();
  expect(await events(number, "COMMAND_RECEIVED")).toHaveLength(1);
  expect(await replies(number)).toHaveLength(1);
  expect(await reactions(commentId)).toEqual([`${bot()} eyes`, `${bot()} rocket`]);
});

test("a command whose delivery was lost is found by the coordination", async () => {
  const number = await issue();
  await settled();
  const { commentId } = await unheard(jonas, number, "/rig start");
  await settled();
  expect(await rig.events(stream(number))).toEqual([]);
  await rig.coordinate();
  expect((await verdict(number, commentId)).verdict).toBe("accepted");
  await settled();
  expect(await events(number, "ISSUE_APPROVED")).toHaveLength(1);
});

/** Everything in a payload that says whose doing it is, said of somebody else. */
const claimed = (body: string, from: World["people"]["guest"], to: World["people"]["guest"]): string =>
  body
    .replaceAll(`"login":"${from.login}"`, `"login":"${to.login}"`)
    .replaceAll(`"id":${from.id},`, `"id":${to.id},`)
    .replace(/"author_association":"\w+"/g, '"author_association":"OWNER"')
    .replaceAll(`/${from.login}"`, `/${to.login}"`);

test("P17: a guest whom a payload calls the owner stays a guest", async () => {
  const number = await issue();
  const { commentId, delivery } = await unheard(guest, number, "/rig start");
  const forged = { ...delivery, body: claimed(delivery.body, world.people.guest, world.people.maria) };
  expect(forged.body).toContain('"login":"maria"');
  await sender.connect().deliver(forged);
  expect(await verdict(number, commentId)).toMatchObject({ by: "guest", verdict: "refused" });
  await settled();
  expect(await events(number, "ISSUE_APPROVED")).toEqual([]);
});

test("P17: a person whom a payload calls a guest and a bot is obeyed all the same", async () => {
  const number = await issue();
  const { commentId, delivery } = await unheard(maria, number, "/rig start");
  const body = claimed(delivery.body, world.people.maria, world.people.guest).replaceAll('"type":"User"', '"type":"Bot"');
  await sender.connect().deliver({ ...delivery, body: body.replace(/"author_association":"\w+"/g, '"author_association":"NONE"') });
  expect(await verdict(number, commentId)).toMatchObject({ by: "maria", verdict: "accepted" });
});

test("P17: a command that only a payload says, on an issue that only a payload names, asks for nothing", async () => {
  const [number, other] = [await issue(), await issue()];
  const { delivery } = await unheard(jonas, number, "Hello.");
  await sender.connect().deliver({ ...delivery, body: delivery.body.replaceAll('"body":"Hello."', '"body":"/rig start"') });
  const { commentId, delivery: command } = await unheard(jonas, number, "/rig why");
  await sender.connect().deliver({
    ...command,
    body: command.body.replaceAll(`/issues/${number}`, `/issues/${other}`).replaceAll(`"number":${number},`, `"number":${other},`),
  });
  await verdict(number, commentId);
  await settled();
  expect(await events(number, "COMMAND_RECEIVED")).toHaveLength(1);
  expect(await rig.events(stream(other))).toEqual([]);
});

test("what is said on a pull request goes to its issue, also before its number is known", async () => {
  const number = await issue(["agent-ready"]);
  const { branch } = await until(async () => (await events(number, "ISSUE_ASSIGNED"))[0]);
  const jwt = asUser(world.github, appJwt(world.apps.rig));
  const { data: installation } = await jwt.rest.apps.getRepoInstallation(place);
  const { data } = await jwt.rest.apps.createInstallationAccessToken({ installation_id: installation.id });
  await world.github.pushFiles({ repository: "acme/busy", branch, files: { "a.txt": "a\n" }, message: "Round", author: "jonas" });
  await settled();
  world.github.deliveries.drop(({ event }) => event === "pull_request");
  const pull = await asUser(world.github, data.token).rest.pulls.create({
    ...place,
    title: "Round",
    head: branch,
    base: "main",
    body: `Closes #${number}`,
  });
  const commentId = await say(jonas, pull.data.number, "/rig reject No test.\n\nAdd one.");
  const known = await verdict(number, commentId);
  expect(known).toMatchObject({ verdict: "accepted", on: pull.data.number });
  expect(await events(number, "REVIEW_SPOKEN")).toMatchObject([
    { prNumber: pull.data.number, headSha: pull.data.head.sha, verdict: "rejected", by: "jonas", reason: "No test.\n\nAdd one." },
  ]);
  await settled();
  expect(await reactions(commentId)).toEqual([`${bot()} eyes`, `${bot()} rocket`]);

  const wrong = await say(jonas, pull.data.number, "/rig start");
  await verdict(number, wrong);
  await settled();
  expect(await replies(pull.data.number)).toEqual([expect.stringContaining(`say it on #${number}`)]);
});

test("a lesson is taken away by whoever maintains the repository, and the repository forgets it", async () => {
  const database = await openDatabase({ databaseUrl: testDatabase.url });
  const lesson = {
    kind: "pitfall" as const,
    text: "Build first.",
    evidence: "npm test",
    runId: RunId.parse(randomUUID()),
    agent: "dev-e-1",
  };
  const number = await issue();
  await createStore(database.pool).append({
    stream: repositoryStream(place.owner, place.repo),
    expectedVersion: null,
    events: [
      {
        ...{ type: "LESSON_LEARNED", data: { id: "L1", ...lesson, issue: IssueNumber.parse(number) } },
        ...{ actor: conductor, causationId: "test", correlationId: "test" },
      },
    ],
  });
  await database.close();
  const refused = await say(jonas, number, "/rig forget L1");
  expect(await verdict(number, refused)).toMatchObject({ verdict: "refused" });
  const commentId = await say(maria, number, "/rig forget L1");
  expect(await verdict(number, commentId)).toMatchObject({ verdict: "accepted", by: "maria" });
  const gone = await until(async () =>
    (await rig.events(repositoryStream(place.owner, place.repo))).find(({ type }) => type === "LESSON_FORGOTTEN"),
  );
  expect(gone.data).toEqual({ id: "L1", by: "maria" });
  await settled();
});

test("the world saw nothing it would not have taken", () => {
  expect(world.violations()).toEqual([]);
});
