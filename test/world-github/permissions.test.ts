import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { asUser } from "../world/github/as-user.ts";
import { appJwt, type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;
const clock = { ahead: 0 };
const issue = { ...till, issue_number: 1 };

beforeAll(async () => {
  world = await smallWorld({ now: () => new Date(Date.now() + clock.ahead) });
  await world.ann.rest.issues.create({ ...till, title: "One" });
  const files = { "README.md": "secret" };
  await world.github.createRepository({ owner: "ann", name: "vault", files, private: true, collaborators: { bob: "read" } });
});
afterAll(() => world.close());

test.each([
  ["somebody who may only read cannot label", "rob", 403],
  ["somebody who may triage labels", "tia", 200],
  ["somebody who may write labels", "bob", 200],
] as const)("%s", async (_, login, status) => {
  expect(await statusOf(world[login].rest.issues.addLabels({ ...issue, labels: [login] }))).toBe(status);
});

test("somebody who may only read comments and opens issues, without labels", async () => {
  expect(await statusOf(world.rob.rest.issues.createComment({ ...issue, body: "me too" }))).toBe(200);
  const { data } = await world.rob.rest.issues.create({ ...till, title: "Mine", labels: ["critical"] });
  expect(data.labels).toEqual([]);
});

test("only somebody with the write role merges, pushes and edits what others said", async () => {
  const { data } = await world.ann.rest.issues.createComment({ ...issue, body: "as I said" });
  const edit = { ...till, comment_id: data.id, body: "otherwise" };
  expect(await statusOf(world.tia.rest.issues.updateComment(edit))).toBe(403);
  expect(await statusOf(world.bob.rest.issues.updateComment(edit))).toBe(200);
  expect((await world.ann.rest.issues.getComment({ ...till, comment_id: data.id })).data.user?.login).toBe("ann");
});

test("a private repository does not exist for strangers", async () => {
  const vault = { owner: "ann", repo: "vault" };
  expect(await statusOf(world.eve.rest.repos.get(vault))).toBe(404);
  expect(await statusOf(world.bob.rest.repos.get(vault))).toBe(200);
  expect(await statusOf((await world.asApp()).rest.repos.get(vault))).toBe(404);
});

test("the permission of a person is what it is at that moment", async () => {
  const ask = async (username: string) => (await world.ann.rest.repos.getCollaboratorPermissionLevel({ ...till, username })).data;
  expect(await ask("tia")).toMatchObject({ permission: "read", role_name: "triage" });
  expect(await ask("bob")).toMatchObject({ permission: "write", role_name: "write" });
  world.github.setCollaborator("ann/till", "bob", "none");
  expect(await ask("bob")).toMatchObject({ permission: "read", role_name: "read" });
  world.github.setCollaborator("ann/till", "bob", "write");
  expect(await statusOf(ask("nobody"))).toBe(404);
  expect(await statusOf(ask("rig[bot]"))).toBe(404);
});

test("an installation's token does what the installation may, and no more when it was narrowed", async () => {
  const all = await world.asApp();
  expect(await statusOf(all.rest.issues.addLabels({ ...issue, labels: ["by-app"] }))).toBe(200);
  const narrow = await world.asApp({ permissions: { issues: "read" } });
  expect(await statusOf(narrow.rest.issues.get(issue))).toBe(200);
  expect(await statusOf(narrow.rest.issues.addLabels({ ...issue, labels: ["by-app"] }))).toBe(403);
  expect(await statusOf(narrow.rest.pulls.list(till))).toBe(403);
});

test("an installation's token cannot be widened", async () => {
  expect(await statusOf(world.mint({ permissions: { administration: "write" } }))).toBe(422);
  expect(await statusOf(world.mint({ repositories: ["vault"] }))).toBe(422);
});

test("an installation's token looks as GitHub's do now, and ends after an hour", async () => {
  const token = await world.mint();
  expect(token).toMatch(/^ghs_[\w.-]{500,540}$/);
  expect(token).toContain(".");
  const app = asUser(world.github, token);
  expect(await statusOf(app.rest.issues.get(issue))).toBe(200);
  clock.ahead = 3_600_001;
  const outcome = await statusOf(app.rest.issues.get(issue));
  clock.ahead = 0;
  expect(outcome).toBe(401);
});

test("what an App writes bears its bot's name and its App", async () => {
  const app = await world.asApp();
  const { data } = await app.rest.issues.createComment({ ...issue, body: "I am a bot" });
  expect(data.user).toMatchObject({ login: "rig[bot]", type: "Bot", id: world.app.botId });
  expect(data.performed_via_github_app).toMatchObject({ id: world.app.id, slug: "rig" });
});

test.each([
  ["is too long", { exp: Math.floor(Date.now() / 1000) + 3600 }],
  ["is over", { exp: Math.floor(Date.now() / 1000) - 10 }],
  ["comes from the future", { iat: Math.floor(Date.now() / 1000) + 300 }],
  ["is of another App", { iss: "1" }],
])("an App's JWT that %s is refused", async (_, claims) => {
  expect(await statusOf(asUser(world.github, appJwt(world.app, claims)).rest.apps.getAuthenticated())).toBe(401);
});

test("an App's JWT signed with another key is refused, and a JWT opens no repository", async () => {
  const other = world.github.createApp({ slug: "other", name: "Other", permissions: {}, events: [] });
  const forged = appJwt({ id: world.app.id, privateKey: other.privateKey });
  expect(await statusOf(asUser(world.github, forged).rest.apps.getAuthenticated())).toBe(401);
  expect(await statusOf(world.jwt.rest.repos.get(till))).toBe(401);
  expect(await statusOf(world.ann.rest.apps.getAuthenticated())).toBe(401);
});

test("check runs are an App's own", async () => {
  const check = { ...till, name: "mine", head_sha: world.created.headSha };
  expect(await statusOf(world.ann.rest.checks.create(check))).toBe(403);
  const { data } = await (await world.asApp()).rest.checks.create(check);
  const second = world.github.createApp({ slug: "second", name: "Second", permissions: { checks: "write" }, events: [] });
  const { installationId } = world.github.install(second.id, "ann", ["till"]);
  const jwt = asUser(world.github, appJwt(second));
  const { token } = (await jwt.rest.apps.createInstallationAccessToken({ installation_id: installationId })).data;
  expect(await statusOf(asUser(world.github, token).rest.checks.update({ ...till, check_run_id: data.id, conclusion: "success" }))).toBe(
    403,
  );
});

test("a wrong token is refused, and no token may read what is public", async () => {
  expect(await statusOf(asUser(world.github, "ghp_wrong").rest.issues.get(issue))).toBe(401);
  expect((await fetch(`${world.github.apiUrl}/repos/ann/till/issues/1`)).status).toBe(200);
  expect((await fetch(`${world.github.apiUrl}/repos/ann/till/issues`, { method: "POST", body: '{"title":"x"}' })).status).toBe(401);
});

test("a suspended installation opens nothing", async () => {
  const app = await world.asApp();
  world.github.suspend(world.installationId, true);
  expect(await statusOf(app.rest.issues.get(issue))).toBe(403);
  world.github.suspend(world.installationId, false);
  expect(await statusOf(app.rest.issues.get(issue))).toBe(200);
});

test("every write is on record with who did it", async () => {
  const app = await world.asApp();
  await app.rest.issues.createComment({ ...issue, body: "on record" });
  expect(world.github.writes.at(-1)).toMatchObject({
    method: "POST",
    path: "/repos/ann/till/issues/1/comments",
    operation: "issues/create-comment",
    actor: "rig[bot]",
    tokenKind: "installation",
    appId: world.app.id,
    body: { body: "on record" },
    status: 201,
  });
});

test("an App cannot subscribe to what it may not read", () => {
  expect(() => world.github.createApp({ slug: "nosy", name: "Nosy", permissions: {}, events: ["issues"] })).toThrow(
    "needs the permission issues",
  );
});
