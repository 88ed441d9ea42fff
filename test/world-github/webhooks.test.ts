import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { verify } from "@octokit/webhooks-methods";
import { type SmallWorld, smallWorld, till } from "./small-world.ts";

let world: SmallWorld;
const isLabeled = ({ event, action }: { event: string; action: string | null }) => event === "issues" && action === "labeled";
const label = (name: string) => world.ann.rest.issues.addLabels({ ...till, issue_number: 1, labels: [name] });

beforeAll(async () => {
  world = await smallWorld();
  await world.ann.rest.issues.create({ ...till, title: "One" });
});
beforeEach(async () => {
  await world.github.deliveries.settled();
  world.github.deliveries.undisturbed();
  world.receiver.received.length = 0;
  world.receiver.answering.status = 202;
});
afterAll(() => world.close());

const labelsHeard = () => world.receiver.received.map(({ payload }) => (payload.label as { name: string }).name);

test("a delivery is signed and says what GitHub's say", async () => {
  await label("signed");
  await world.github.deliveries.settled();
  const [received] = world.receiver.received;
  expect(await verify(world.secret, received?.body ?? "", String(received?.headers["x-hub-signature-256"]))).toBe(true);
  expect(received?.headers).toMatchObject({
    "content-type": "application/json",
    "x-github-event": "issues",
    "x-github-hook-installation-target-id": String(world.app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-github-delivery": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
  });
  expect(received?.payload).toMatchObject({
    action: "labeled",
    label: { name: "signed" },
    issue: { number: 1 },
    repository: { id: world.created.id, full_name: "ann/till" },
    sender: { login: "ann", type: "User" },
    installation: { id: world.installationId },
  });
});

test("only an App that asked for an event and is installed there hears of it", async () => {
  const { github, receiver } = world;
  const app = { slug: "deaf", name: "Deaf", permissions: { issues: "read" }, events: ["issue_comment"], webhookUrl: receiver.url } as const;
  github.install(github.createApp(app).id, "ann", ["till"]);
  github.createApp({ ...app, slug: "away", name: "Away", events: ["issues"] });
  await label("private");
  await github.deliveries.settled();
  const targets = receiver.received
    .filter(({ event }) => event === "issues")
    .map(({ headers }) => headers["x-github-hook-installation-target-id"]);
  expect(targets).toEqual([String(world.app.id)]);
});

test("a lost delivery is heard by nobody and stands in no list", async () => {
  world.github.deliveries.drop(isLabeled);
  await label("lost");
  await label("heard");
  await world.github.deliveries.settled();
  expect(labelsHeard()).toEqual(["heard"]);
  const { data } = await world.jwt.rest.apps.listWebhookDeliveries();
  const lost = world.github.deliveries.all().find((delivery) => delivery.lost);
  expect(lost?.guid).toBeDefined();
  expect(data.map(({ guid }) => guid)).not.toContain(lost?.guid);
});

test("a duplicate comes under the same GUID", async () => {
  world.github.deliveries.duplicate(isLabeled);
  await label("twice");
  await world.github.deliveries.settled();
  expect(labelsHeard()).toEqual(["twice", "twice"]);
  expect(new Set(world.receiver.received.map(({ guid }) => guid)).size).toBe(1);
});

test("deliveries come late or in another order when told to", async () => {
  world.github.deliveries.delay(isLabeled, 100);
  await label("late");
  await label("early");
  await world.github.deliveries.settled();
  expect(labelsHeard()).toEqual(["early", "late"]);

  world.receiver.received.length = 0;
  world.github.deliveries.reorder(isLabeled, 3);
  for (const name of ["a", "b", "c"]) await label(name);
  await world.github.deliveries.settled();
  expect(labelsHeard()).toEqual(["c", "b", "a"]);
});

test("what is paused waits", async () => {
  world.github.deliveries.pause();
  await label("waits");
  await world.github.deliveries.settled();
  expect(world.receiver.received).toEqual([]);
  world.github.deliveries.resume();
  await world.github.deliveries.settled();
  expect(labelsHeard()).toEqual(["waits"]);
});

test("a failed delivery is not tried again, stands in the list, and a redelivery keeps its GUID", async () => {
  world.receiver.answering.status = 503;
  await label("fails");
  await world.github.deliveries.settled();
  expect(world.receiver.received).toHaveLength(1);
  const [failed] = (await world.jwt.rest.apps.listWebhookDeliveries()).data;
  expect(failed).toMatchObject({ event: "issues", action: "labeled", status_code: 503, redelivery: false });

  world.receiver.answering.status = 202;
  await world.jwt.rest.apps.redeliverWebhookDelivery({ delivery_id: Number(failed?.id) });
  await world.github.deliveries.settled();
  expect(labelsHeard()).toEqual(["fails", "fails"]);
  const [again] = (await world.jwt.rest.apps.listWebhookDeliveries()).data;
  expect(again).toMatchObject({ guid: failed?.guid, redelivery: true, status_code: 202, status: "OK" });
});

test("nobody at the address is a failed delivery", async () => {
  world.github.setWebhookUrl(world.app.id, "http://127.0.0.1:9/");
  await label("nobody");
  await world.github.deliveries.settled();
  world.github.setWebhookUrl(world.app.id, world.receiver.url);
  const [failed] = (await world.jwt.rest.apps.listWebhookDeliveries({ status: "failure" })).data;
  expect(failed).toMatchObject({ status: "failed to connect to host", status_code: 0 });
});

test("the list of deliveries goes on by cursor", async () => {
  const all = await world.jwt.paginate(world.jwt.rest.apps.listWebhookDeliveries, { per_page: 3 });
  const sent = world.github.deliveries.all().filter(({ appId, lost }) => appId === world.app.id && !lost);
  expect(all.map(({ id }) => id)).toEqual(sent.map(({ id }) => id).sort((one, other) => other - one));
});

test("a button on a check run tells only the App whose check it is", async () => {
  const app = await world.asApp();
  const actions = [{ label: "Hold", description: "Leave it alone", identifier: "hold" }];
  const { data } = await app.rest.checks.create({ ...till, name: "rig/gates", head_sha: world.created.headSha, actions });
  world.github.pressCheckButton("ann/till", data.id, "hold", "bob");
  await world.github.deliveries.settled();
  expect(world.receiver.received.at(-1)?.payload).toMatchObject({
    action: "requested_action",
    requested_action: { identifier: "hold" },
    sender: { login: "bob" },
  });
  expect(() => world.github.pressCheckButton("ann/till", data.id, "melt", "bob")).toThrow("no button melt");
});

test("all of it agrees with GitHub's own description", () => {
  expect(world.github.violations).toEqual([]);
});
