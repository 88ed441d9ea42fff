/** R12: whether an approver belongs to an owning team is asked now; who may not be asked about is in no team. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import nock from "nock";
import { createMemory } from "../../app/observe/memory.ts";
import { observeTeams } from "../../app/observe/owners.ts";
import { asUser } from "../world/github/as-user.ts";

const reader = { octokit: asUser({ apiUrl: "https://api.github.com" }, "t"), owner: "acme", repo: "shop", memory: createMemory() };
const membership = (login: string) => nock("https://api.github.com").get(`/orgs/acme/teams/dba/memberships/${login}`);

beforeAll(() => nock.disableNetConnect());
// nock holds the whole process, which other test files share.
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

test.each([
  ["an active member is in it", 200, { state: "active", role: "member", url: "u" }, ["maria"]],
  ["one who has not accepted is not", 200, { state: "pending", role: "member", url: "u" }, []],
  ["nobody of that name is in it", 404, { message: "Not Found" }, []],
  ["one whom the App may not ask about is not", 403, { message: "Resource not accessible by integration" }, []],
])("%s", async (_, status, answer, members) => {
  membership("maria").reply(status, answer);
  expect(await observeTeams(reader, "/db/ @acme/dba @jonas", ["maria"])).toEqual({ "@acme/dba": members });
});

test("an outage and a limit are no answer", async () => {
  membership("maria").reply(502, {});
  await expect(observeTeams(reader, "* @acme/dba", ["maria"])).rejects.toMatchObject({ status: 502 });
  membership("maria").reply(403, { message: "You have exceeded a secondary rate limit" });
  await expect(observeTeams(reader, "* @acme/dba", ["maria"])).rejects.toMatchObject({ status: 403 });
});
