import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { allPermissions, type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;

beforeEach(async () => {
  world = await smallWorld({}, { private: true });
  await world.ann.rest.issues.create({ ...till, title: "One" });
  await world.github.deliveries.settled();
  world.receiver.received.length = 0;
});
afterEach(async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const heard = async () => {
  await world.github.deliveries.settled();
  return world.receiver.names();
};
const label = () => world.ann.rest.issues.addLabels({ ...till, issue_number: 1, labels: ["agent-ready"] });

test("a suspended installation is refused and hears of nothing but that", async () => {
  const app = await world.asApp();
  world.github.suspend(world.installationId, true, "ann");
  expect(await statusOf(app.rest.issues.get({ ...till, issue_number: 1 }))).toBe(403);
  expect(await statusOf(world.mint())).toBe(403);
  await label();
  await world.jwt.rest.apps.unsuspendInstallation({ installation_id: world.installationId });
  expect(await statusOf(app.rest.issues.get({ ...till, issue_number: 1 }))).toBe(200);
  expect(await heard()).toEqual(["installation.suspend", "installation.unsuspend"]);
});

test("an uninstalled App has no tokens left and is told by the way", async () => {
  const app = await world.asApp();
  world.github.uninstall(world.installationId);
  expect(await statusOf(app.rest.issues.get({ ...till, issue_number: 1 }))).toBe(401);
  expect(await statusOf(world.mint())).toBe(404);
  expect(await statusOf(world.jwt.rest.apps.getRepoInstallation(till))).toBe(404);
  await label();
  expect(await heard()).toEqual(["installation.deleted"]);
});

test("a repository that is taken out of the selection is not found, and is back when it is added", async () => {
  const app = await world.asApp();
  const status = () => statusOf(app.rest.issues.get({ ...till, issue_number: 1 }));
  world.github.removeRepositories(world.installationId, ["ann/till"]);
  expect(await status()).toBe(404);
  await label();
  world.github.addRepositories(world.installationId, ["ann/till"]);
  expect(await status()).toBe(200);
  expect(await heard()).toEqual(["installation_repositories.removed", "installation_repositories.added"]);
});

test("permissions that are taken back end with tokens out already, and so do the webhooks", async () => {
  const app = await world.asApp();
  const { issues: _, ...less } = allPermissions;
  world.github.acceptPermissions(world.installationId, less, "ann");
  expect(await statusOf(app.rest.issues.get({ ...till, issue_number: 1 }))).toBe(403);
  await label();
  expect(await heard()).toEqual(["installation.new_permissions_accepted"]);
  const { data } = await world.jwt.rest.apps.getInstallation({ installation_id: world.installationId });
  expect(data.permissions).not.toHaveProperty("issues");
});

test("an App that asks for less has less at once, and nobody is told", async () => {
  const app = await world.asApp();
  world.github.reducePermissions(world.app.id, { issues: "read" });
  expect(await statusOf(app.rest.issues.get({ ...till, issue_number: 1 }))).toBe(200);
  expect(await statusOf(app.rest.issues.createComment({ ...till, issue_number: 1, body: "x" }))).toBe(403);
  expect(await heard()).toEqual([]);
});
