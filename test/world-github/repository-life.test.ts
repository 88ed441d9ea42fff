import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { gitText } from "../world/github/git/run.ts";
import { type SmallWorld, smallWorld, statusOf } from "./small-world.ts";

let world: SmallWorld;
let count = 0;

beforeAll(async () => {
  world = await smallWorld();
});
beforeEach(async () => {
  await world.github.deliveries.settled();
  world.receiver.received.length = 0;
});
afterAll(() => world.close());

/** A repository of Ann's that the App is installed on, with one issue. */
async function fresh(more: { readonly private?: boolean } = {}) {
  count += 1;
  const name = `shed-${count}`;
  const { id } = await world.github.createRepository({ owner: "ann", name, files: { "README.md": "# Shed\n" }, ...more });
  world.github.addRepositories(world.installationId, [`ann/${name}`]);
  await world.ann.rest.issues.create({ owner: "ann", repo: name, title: "Leak" });
  await world.github.deliveries.settled();
  world.receiver.received.length = 0;
  return { id, fullName: `ann/${name}`, at: { owner: "ann", repo: name } };
}

const heard = async (event: string) => {
  await world.github.deliveries.settled();
  return world.receiver.received.filter((one) => one.event === event).map(({ payload }) => payload);
};

test("a renamed repository answers under its old name with where it is, to reads and to writes", async () => {
  const { id, at } = await fresh();
  await world.ann.rest.repos.update({ ...at, name: `${at.repo}-new` });
  const old = await fetch(`${world.github.apiUrl}/repos/ann/${at.repo}/issues?state=all`, {
    redirect: "manual",
    headers: { authorization: `Bearer ${world.people.ann.token}` },
  });
  expect([old.status, old.headers.get("location")]).toEqual([301, `${world.github.apiUrl}/repositories/${id}/issues?state=all`]);
  expect((await world.ann.rest.issues.listForRepo(at)).data).toMatchObject([{ title: "Leak" }]);
  const { data } = await world.ann.rest.issues.createComment({ ...at, issue_number: 1, body: "Where am I?" });
  expect(data.html_url).toContain(`/ann/${at.repo}-new/`);
  expect(await heard("repository")).toMatchObject([{ action: "renamed", changes: { repository: { name: { from: at.repo } } } }]);
});

test("git finds a repository under its old name, until another takes it", async () => {
  const { at } = await fresh();
  const url = `${world.github.origin}/ann/${at.repo}.git`;
  const before = await gitText("/", ["ls-remote", url, "refs/heads/main"]);
  world.github.renameRepository(`ann/${at.repo}`, `${at.repo}-moved`, "ann");
  expect(await gitText("/", ["ls-remote", url, "refs/heads/main"])).toBe(before);
  const taker = await world.github.createRepository({ owner: "ann", name: at.repo, files: { "README.md": "# Other\n" } });
  expect(await gitText("/", ["ls-remote", url, "refs/heads/main"])).toContain(taker.headSha);
});

test("a transferred repository leaves the Apps of its old account; those of the new one hear of it", async () => {
  const { id, at, fullName } = await fresh();
  await world.github.createRepository({ owner: "bob", name: `toolbox-${count}`, files: { "README.md": "# Tools\n" } });
  const { installationId } = world.github.install(world.app.id, "bob", [`toolbox-${count}`]);
  const app = await world.asApp();
  await world.ann.rest.repos.transfer({ ...at, new_owner: "bob" });
  expect(await heard("installation_repositories")).toMatchObject([
    { action: "removed", repositories_removed: [{ full_name: fullName }], installation: { id: world.installationId } },
  ]);
  expect(await heard("repository")).toMatchObject([
    {
      action: "transferred",
      changes: { owner: { from: { user: { login: "ann" } } } },
      repository: { id, full_name: `bob/${at.repo}` },
      installation: { id: installationId },
    },
  ]);
  expect((await world.bob.rest.repos.get(at)).data.full_name).toBe(`bob/${at.repo}`);
  expect(await statusOf(app.rest.issues.createComment({ owner: "bob", repo: at.repo, issue_number: 1, body: "x" }))).toBe(403);
  world.github.uninstall(installationId);
});

test("an archived repository is read, and written by nobody, until it is taken back", async () => {
  const { at, fullName } = await fresh();
  const app = await world.asApp();
  world.github.archiveRepository(fullName, "ann");
  const comment = () => statusOf(app.rest.issues.createComment({ ...at, issue_number: 1, body: "x" }));
  expect((await app.rest.repos.get(at)).data.archived).toBe(true);
  expect(await comment()).toBe(403);
  const push = { repository: fullName, branch: "late", files: { "a.txt": "a" }, message: "Late", author: "ann" };
  await expect(world.github.pushFiles(push)).rejects.toThrow(/403/);
  await world.ann.rest.repos.update({ ...at, archived: false });
  expect(await comment()).toBe(200);
  expect((await heard("repository")).map(({ action }) => action)).toEqual(["archived", "unarchived"]);
});

test("what is made public is told, and read by everybody", async () => {
  const { at, fullName } = await fresh({ private: true });
  expect(await statusOf(world.eve.rest.repos.get(at))).toBe(404);
  await world.ann.rest.repos.update({ ...at, visibility: "public" });
  expect(await statusOf(world.eve.rest.repos.get(at))).toBe(200);
  world.github.privatizeRepository(fullName, "ann");
  expect((await heard("repository")).map(({ action }) => action)).toEqual(["publicized", "privatized"]);
});

test("a deleted repository is not found by name, id or git", async () => {
  const { id, at } = await fresh();
  expect(await statusOf(world.bob.rest.repos.delete(at))).toBe(403);
  await world.ann.rest.repos.delete(at);
  expect(await statusOf(world.ann.rest.repos.get(at))).toBe(404);
  expect(await statusOf(world.ann.request("GET /repositories/{id}", { id }))).toBe(404);
  await expect(gitText("/", ["ls-remote", `${world.github.origin}/ann/${at.repo}.git`])).rejects.toThrow(/not found/i);
  expect(await heard("repository")).toMatchObject([{ action: "deleted", repository: { id } }]);
  const { data } = await (await world.asApp()).rest.apps.listReposAccessibleToInstallation({ per_page: 100 });
  expect(data.repositories.map((one) => one.id)).not.toContain(id);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
});
