import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RunId } from "../../app/domain/ids.ts";
import { headSha, place, subjectOf } from "../door/stand.ts";
import { type Ask, column, openApi, openContract } from "./contract.ts";
import { anna, approve, assign, far, inJam, jam, LATER_MINUTES, openShop, raiseGate, type Shop } from "./shop-of-tea.ts";

let shop: Shop;
let ask: Ask;
let begun: RunId;
let waiting: RunId;

beforeAll(async () => {
  shop = await openShop();
  ask = await openApi(() => shop.url);
  await shop.store.upsertRepository(jam);
  for (const [number, priority] of [
    [1, "normal"],
    [2, "normal"],
    [3, "high"],
    [4, "critical"],
    [5, "normal"],
  ] as const)
    await approve(shop, subjectOf(number), priority, `Brew tea ${number}`);
  await approve(shop, inJam(1));
  begun = await assign(shop, 1, true);
  waiting = await assign(shop, 2, false);
  await shop.history.record(
    subjectOf(5),
    [{ type: "ISSUE_WAITING", data: { for: "dependency", reason: "octo/tea#1 has to be done first.", on: ["octo/tea#1"] } }],
    "test",
  );
  await shop.store.addUsage(begun, { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, usd: 0.25 });
  await shop.store.seen(begun, {
    agentId: (await shop.store.run(begun))?.agentId ?? ("" as never),
    status: "working",
    progress: { turns: 2, toolCalls: 5 },
  });
});
afterAll(() => shop.close());

test("every route wants a bearer from whoever is not at the machine, and says so in a problem", async () => {
  const { operations } = await openContract();
  expect(operations.length).toBeGreaterThan(10);
  for (const { path, method } of operations) {
    const at = `/api${path.replace(/\{(pr|n)\}/, "1").replace(/\{\w+\}/g, "x")}`;
    const answered = await ask(at, { method: method.toUpperCase(), headers: far });
    expect({ path, ...answered }).toMatchObject({
      path,
      status: 401,
      type: "application/problem+json",
      body: { detail: expect.stringContaining("RIG_API_TOKENS") },
    });
  }
  expect((await ask("/api/issues", { headers: { ...far, authorization: "Bearer another" } })).status).toBe(401);
  expect((await ask("/api/issues", { headers: { ...far, ...anna } })).status).toBe(200);
});

test("who only sits at the machine may read, and not speak: a page in their browser could", async () => {
  const words = { type: "ISSUE_HELD", repo: "octo/tea", issueNumber: 3, reason: "Wait." };
  const sent = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(words) };
  expect(await ask("/api/events", sent)).toMatchObject({ status: 401, type: "application/problem+json" });
  expect((await ask("/api/status")).status).toBe(200);
});

test.each([
  ["/api/issues?state=lost", "state must be one of new, queued"],
  ["/api/issues?limit=0", "limit must be a whole number from 1 to 500"],
  ["/api/issues?limit=many", "limit must be"],
  ["/api/issues?after=later", "after is not a cursor of this list"],
  ["/api/issues?per_page=3", "per_page is not known here"],
  ["/api/queue?page=2", "page is not known here"],
  ["/api/queue?after=W10", "after is not a cursor of this list"],
  ["/api/agents?state=idle", "state is not known here"],
  ["/api/events/stream", "id must name the stream"],
  ["/api/events/stream?id=octo/tea%231&after=x", "after must be a whole number"],
  ["/api/events?after=-1", "after must not be below zero"],
  ["/api/assignments/next", "agentId must name an agent instance"],
  ["/api/runs/seven", "id must be a run's id"],
  ["/api/gates/octo/tea/first", "pr must be a whole number above zero"],
  ["/api/why/octo/tea/0", "n must be a whole number above zero"],
  ["/api/cost?from=yesterday", "from must be a day such as 2026-11-22"],
])("%s is refused: %s", async (path, words) => {
  expect(await ask(path)).toMatchObject({
    status: 400,
    type: "application/problem+json",
    body: { detail: expect.stringContaining(words) },
  });
});

test("issues come by state, with the agent that has them", async () => {
  const { body } = await ask("/api/issues?state=in_progress");
  expect(body).toMatchObject([
    { id: "octo/tea#1", repo: "octo/tea", issueNumber: 1, title: "Brew tea 1", state: "in_progress", agentId: "dev-e-1", usd: 0 },
  ]);
});

test("the queue says of each issue where it stands, how long, and what is in its way", async () => {
  const { body } = await ask("/api/queue");
  expect(column(body, "id")).toEqual(["octo/tea#4", "octo/tea#3", "octo/tea#5", "octo/jam#1"]);
  const busy = "All agents are busy: dev-e-1 with octo/tea#1, dev-e-2 with octo/tea#2.";
  expect(body).toMatchObject([
    {
      position: 1,
      ageMinutes: LATER_MINUTES,
      ready: true,
      waitingOn: [],
      reason: `${busy} Less urgent work is interrupted for it.`,
      agentId: null,
    },
    { position: 2, ready: true, reason: busy },
    { position: 3, ready: false, waitingOn: ["octo/tea#1"], reason: "It depends on octo/tea#1, which is not done." },
    { position: 1, ready: true, reason: "An agent is free: it starts within seconds." },
  ]);
});

test("every instance of every repository is there, whatever it does", async () => {
  const { body } = await ask("/api/agents");
  const tea = (body as readonly { repo: string }[]).filter(({ repo }) => repo === "octo/tea");
  expect(tea).toMatchObject([
    { agentId: "dev-e-1", agent: "dev-e", status: "working", issue: "octo/tea#1", runId: begun, progress: { turns: 2, toolCalls: 5 } },
    { agentId: "dev-e-2", status: "working", issue: "octo/tea#2", runId: waiting, seenAt: null, progress: null },
    { agentId: "review-e", agent: "review-e", status: "idle", issue: null, runId: null, since: null },
  ]);
  expect(column(body, "status").filter((status) => status === "idle")).toHaveLength(4);
});

test("an instance is told what it has and has not started, and nothing where there is no work", async () => {
  expect(await ask("/api/assignments/next?agentId=dev-e-2")).toMatchObject({
    status: 200,
    body: { id: "octo/tea#2", repo: "octo/tea", issueNumber: 2, title: "Brew tea 2", runId: waiting, branch: "rig/2-tea-1", attempt: 1 },
  });
  for (const agentId of ["dev-e-1", "dev-e-9"]) {
    expect(await ask(`/api/assignments/next?agentId=${agentId}`)).toMatchObject({ status: 204, body: undefined });
  }
  expect(await shop.store.assignmentsOf()).toHaveLength(2);
});

test("a run is shown with what it cost, and without what it may do", async () => {
  const { body } = await ask(`/api/runs/${begun}`);
  expect(body).toMatchObject({
    id: begun,
    issue: "octo/tea#1",
    agentId: "dev-e-1",
    kind: "implement",
    usd: 0.25,
    tokens: { input: 1, cacheWrite: 4 },
    fenced: false,
  });
  expect(JSON.stringify(body)).not.toMatch(/capability|claimed/i);
  expect(await ask("/api/runs/00000000-0000-4000-8000-000000000000")).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining("There is no run") },
  });
});

test("the run protocol's own routes answer as before", async () => {
  const response = await fetch(`${shop.url}/api/runs/${begun}/events`, { method: "POST", headers: anna, body: "{}" });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining("belongs to no run") });
});

test("an issue is asked why by the name of its repository", async () => {
  const { body } = await ask("/api/why/octo/tea/1");
  expect(body).toMatchObject({ id: "octo/tea#1", state: "in_progress", why: "A test." });
  expect(column((body as { events: unknown }).events, "type")).toEqual([
    "ISSUE_APPROVED",
    "ISSUE_ASSIGNED",
    "RUN_REQUESTED",
    "WORK_STARTED",
  ]);
  await shop.store.upsertRepository({ ...place, name: "coffee" });
  expect((await ask("/api/why/octo/coffee/1")).body).toMatchObject({ id: "octo/tea#1" });
  await shop.store.upsertRepository(place);
  expect(await ask("/api/why/octo/tea/99")).toMatchObject({ status: 404, body: { detail: expect.stringContaining("octo/tea#99") } });
});

test("a stream's events are answered as they were recorded", async () => {
  const { body } = await ask(`/api/events/stream?id=${encodeURIComponent("octo/tea#4")}`);
  expect(body).toEqual([
    {
      id: expect.any(String),
      type: "ISSUE_APPROVED",
      data: expect.objectContaining({ title: "Brew tea 4" }),
      timestamp: expect.any(String),
      version: 1,
      position: expect.any(Number),
      actor: { kind: "app", login: "conductor-e", id: 0 },
    },
  ]);
  expect((await ask("/api/events/stream?id=nobody")).body).toEqual([]);
});

test("what runs cost is summed by repository, day and issue, and only of the days that were asked for", async () => {
  const today = new Date().toISOString().slice(0, 10);
  const sum = { runs: 1, usd: 0.25, tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 } };
  const { body } = await ask("/api/cost");
  expect(body).toMatchObject({
    from: null,
    to: null,
    runs: 2,
    usd: 0.25,
    repositories: [{ repo: "octo/tea", runs: 2, usd: 0.25 }],
    days: [{ day: today, usd: 0.25 }],
  });
  expect((body as { issues: unknown[] }).issues[0]).toEqual({ id: "octo/tea#1", ...sum });
  expect((await ask("/api/cost?to=2020-01-01")).body).toMatchObject({
    to: "2020-01-01",
    runs: 0,
    usd: 0,
    repositories: [],
    days: [],
    issues: [],
  });
});

test("the status counts issues, the queue and the agents", async () => {
  expect((await ask("/api/status")).body).toMatchObject({
    paused: false,
    issues: { queued: 4, assigned: 1, in_progress: 1, done: 0 },
    queueLength: 4,
    agents: { idle: 4, working: 2, draining: 0, starved: 0 },
    conditions: [],
  });
});

test("a pull request's gates are shown with their evidence", async () => {
  expect((await ask("/api/gates/octo/tea/77")).status).toBe(404);
  await raiseGate(shop, 1, begun);
  expect((await ask("/api/gates/octo/tea/77")).body).toMatchObject([
    {
      issue: "octo/tea#1",
      gate: "auth",
      headSha,
      current: true,
      state: "waiting",
      approvers: ["maria"],
      evidence: [{ path: "src/login.ts" }],
      decidedBy: null,
    },
  ]);
});

test("the description is served as it stands in docs", async () => {
  const file = readFileSync(join(import.meta.dirname, "../../docs/openapi.json"), "utf8");
  const served = await fetch(`${shop.url}/api/openapi.json`, { headers: { ...far, ...anna } });
  expect(await served.json()).toEqual(JSON.parse(file));
  expect((await fetch(`${shop.url}/api/openapi.json`, { headers: far })).status).toBe(401);
});

test("what is not there is a problem as well", async () => {
  const response = await fetch(`${shop.url}/api/nothing`, { headers: anna });
  expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
});
