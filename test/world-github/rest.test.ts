import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openContract } from "../world/github/contract/contract.ts";
import { loadDefinition } from "../world/github/contract/definition.ts";
import { endpoints, webhookEvents } from "../world/github/rest/table.ts";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld();
  for (let n = 1; n <= 7; n += 1) await world.ann.rest.issues.create({ ...till, title: `Issue ${n}` });
});
afterAll(() => world.close());

const contract = () =>
  openContract(
    loadDefinition(
      endpoints.map(({ id }) => id),
      webhookEvents,
    ),
  );
const operation = (id: string) => {
  const found = contract().operations.find(({ operationId }) => operationId === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

test("lists come in pages that name each other", async () => {
  const first = await world.ann.rest.issues.listForRepo({ ...till, per_page: 3, direction: "asc" });
  expect(first.data.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(first.headers.link).toContain('rel="next"');
  expect(first.headers.link).toMatch(/page=3>; rel="last"/);
  const last = await world.ann.rest.issues.listForRepo({ ...till, per_page: 3, page: 3, direction: "asc" });
  expect(last.data.map(({ number }) => number)).toEqual([7]);
  expect(last.headers.link).not.toContain('rel="next"');
  expect(await world.ann.paginate(world.ann.rest.issues.listForRepo, { ...till, per_page: 2 })).toHaveLength(7);
});

test("what has not changed is answered with 304, and with 200 once it has", async () => {
  const url = `${world.github.apiUrl}/repos/ann/till/issues/1`;
  const headers = { authorization: `Bearer ${world.people.ann.token}` };
  const etag = (await fetch(url, { headers })).headers.get("etag") ?? "";
  expect((await fetch(url, { headers: { ...headers, "if-none-match": etag } })).status).toBe(304);
  await world.ann.rest.issues.createComment({ ...till, issue_number: 1, body: "changed" });
  expect((await fetch(url, { headers: { ...headers, "if-none-match": etag } })).status).toBe(200);
});

test("a request that GitHub's description does not allow is refused and kept", async () => {
  const wrong = world.ann.request("POST /repos/{owner}/{repo}/issues", { ...till, titel: "misspelt" } as never);
  expect(await statusOf(wrong)).toBe(422);
  expect(await statusOf(world.ann.request("GET /repos/{owner}/{repo}/issues", { ...till, state: "ajar" } as never))).toBe(422);
  const found = world.github.violations;
  expect(found.map(({ side, operation: id }) => [side, id])).toEqual([
    ["request", "issues/create"],
    ["request", "issues/list-for-repo"],
  ]);
  expect(found[0]?.errors.join()).toContain("titel is no parameter");
});

test("a route that is not served is a 404 and kept", async () => {
  expect(await statusOf(world.ann.request("GET /repos/{owner}/{repo}/stargazers", till))).toBe(404);
  expect(world.github.unknownRoutes).toContain("GET /repos/ann/till/stargazers");
});

test("an answer that GitHub would never give is found", async () => {
  const { data } = await world.ann.rest.issues.get({ ...till, issue_number: 1 });
  const get = operation("issues/get");
  expect(contract().response(get, 200, data)).toEqual([]);
  expect(
    contract()
      .response(get, 200, { ...data, number: "1" })
      .join(),
  ).toContain("/number must be integer");
  const { user: _, ...without } = data;
  expect(contract().response(get, 200, without).join()).toContain("'user'");
  expect(
    contract()
      .response(get, 200, { ...data, created_at: "yesterday" })
      .join(),
  ).toContain("/created_at");
  expect(contract().response(get, 204, null).join()).toContain("never answers 204");
});

test("a webhook that GitHub would never send is found", async () => {
  await world.github.deliveries.settled();
  const payload = world.receiver.received.find(({ event }) => event === "issues")?.payload ?? {};
  expect(contract().webhook("issues", payload)).toEqual([]);
  expect(contract().webhook("issues", { ...payload, issue: {} })).not.toEqual([]);
  expect(contract().webhook("issues", { ...payload, action: "melted" })).toEqual(["GitHub's description knows no webhook issues-melted"]);
});

test("a body that is no JSON is a 400", async () => {
  const headers = { authorization: `Bearer ${world.people.ann.token}` };
  expect((await fetch(`${world.github.apiUrl}/repos/ann/till/issues`, { method: "POST", headers, body: "{" })).status).toBe(400);
});

test("a renamed repository is found under its old name by redirect, and keeps its id", async () => {
  const before = (await world.ann.rest.repos.get(till)).data.id;
  world.github.renameRepository("ann/till", "counter", "ann");
  const moved = await fetch(`${world.github.apiUrl}/repos/ann/till/issues/1?x=y`, { redirect: "manual" });
  expect([moved.status, moved.headers.get("location")]).toEqual([301, `${world.github.apiUrl}/repositories/${before}/issues/1?x=y`]);
  expect((await world.ann.rest.repos.get(till)).data).toMatchObject({ id: before, full_name: "ann/counter" });
  expect((await world.ann.rest.repos.get({ ...till, repo: "counter" })).data.id).toBe(before);
  await world.github.deliveries.settled();
  expect(world.receiver.names()).toContain("repository.renamed");
  world.github.renameRepository("ann/counter", "till", "ann");
});

test("too long a comment is refused", async () => {
  const comment = (length: number) => world.ann.rest.issues.createComment({ ...till, issue_number: 1, body: "x".repeat(length) });
  expect(await statusOf(comment(65_536))).toBe(200);
  expect(await statusOf(comment(65_537))).toBe(422);
});

test("what it does not know it does not leave out in silence", async () => {
  const { ann, github } = world;
  const { length } = github.violations;
  expect(await statusOf(ann.rest.issues.create({ ...till, title: "x", type: "Bug" }))).toBe(500);
  expect(github.violations.slice(length).map(({ errors }) => errors.join())).toEqual([expect.stringContaining("does not know type")]);
});

test("no answer and no webhook disagrees with GitHub's description", () => {
  expect(world.github.violations.filter(({ side, operation: id }) => side !== "request" && id !== "the stand-in itself")).toEqual([]);
});
