import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { usdFor } from "../../agents/runtime/prices.ts";
import { redactor } from "../../agents/runtime/redact.ts";
import { Policy } from "../../app/domain/policy.ts";
import { budgetKeeper } from "../../app/door/gateway/budget-keeper.ts";
import { budgetsOf, isSpent } from "../../app/door/gateway/budgets.ts";
import { callsUnderWay } from "../../app/door/gateway/under-way.ts";
import { type Listening, listen } from "../agents/support/http.ts";
import { type Asking, askModel, claimedOn, question, until } from "./caller.ts";
import { startProvider, streamed, streamedUsd } from "./provider.ts";
import { type Stand, startStand, subjectOf } from "./stand.ts";

const json = { "content-type": "application/json" };
const key = "sk-ant-api03-the-key-nobody-may-see";
let provider: Awaited<ReturnType<typeof startProvider>>;
/** A provider that answers everything at once, and nothing in particular. */
let generous: Listening;
let stand: Stand;

beforeAll(async () => {
  provider = await startProvider();
  generous = await listen((_, response) => response.writeHead(200, json).end("{}"));
  stand = await startStand({
    deps: { upstream: { baseUrl: provider.url, apiKey: key }, redact: redactor([key]) },
    policy: { limits: { usdPerRun: 1, usdPerIssue: 2, usdPerDay: 100 } },
  });
});
afterAll(async () => {
  await stand.close();
  await generous.close();
  await provider.close();
});

const claimed = (on = stand, number?: number) => claimedOn(on, number);
const ask = (capability: string, { on = stand, ...asking }: Asking & { readonly on?: Stand } = {}) => askModel(on, capability, asking);

test("a stream passes as it comes, byte for byte, and its usage is counted before it ends", async () => {
  const { runId, capability } = await claimed();
  const answering = ask(capability, { body: { ...question, stream: true } });
  const { response, url } = await provider.next();
  expect(url).toBe("/v1/messages?beta=true");
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).write(streamed.start);
  const reader = ((await answering).body ?? new ReadableStream()).getReader();
  const first = await reader.read(); // The provider has not ended yet: a buffering gateway would never get here.
  expect(Buffer.from(first.value ?? []).toString()).toBe(streamed.start);

  // A character cut in two between packets stays whole.
  const rest = Buffer.from(streamed.text + streamed.end);
  const cut = rest.indexOf(Buffer.from("\u{1F9C0}")) + 2;
  response.write(rest.subarray(0, cut));
  const heard: Uint8Array[] = [(await reader.read()).value ?? new Uint8Array()];
  response.end(rest.subarray(cut));
  for (let read = await reader.read(); !read.done; read = await reader.read()) heard.push(read.value);
  expect(Buffer.concat(heard).equals(rest)).toBe(true);
  expect(await stand.store.run(runId)).toMatchObject({
    usd: streamedUsd,
    tokens: { input: 100, output: 50, cacheRead: 2000, cacheWrite: 300 },
  });
});

test("an answer in one piece is counted too", async () => {
  const { runId, capability } = await claimed();
  const answering = ask(capability);
  const { response } = await provider.next();
  const message = {
    type: "message",
    usage: { input_tokens: 10, output_tokens: 20, cache_creation_input_tokens: 30, cache_creation: { ephemeral_1h_input_tokens: 30 } },
  };
  response.writeHead(200, json).end(JSON.stringify(message));
  expect(await (await answering).json()).toEqual(message);
  expect(await stand.store.run(runId)).toMatchObject({ usd: (10 * 3 + 20 * 15 + 30 * 6) / 1_000_000, tokens: { cacheWrite: 30 } });
});

test("hanging up does not make the rest free", async () => {
  const { runId, capability } = await claimed();
  const hangsUp = new AbortController();
  const answering = ask(capability, { signal: hangsUp.signal });
  const { response } = await provider.next();
  response.writeHead(200, { "content-type": "text/event-stream" }).write(streamed.start);
  const reader = ((await answering).body ?? new ReadableStream()).getReader();
  await reader.read();
  hangsUp.abort();
  await expect(reader.read()).rejects.toThrow();
  response.end(streamed.text + streamed.end);
  await until(async () => (await stand.store.run(runId))?.usd === streamedUsd);
});

test("a stream that breaks counts what it had told", async () => {
  const { runId, capability } = await claimed();
  const answering = ask(capability);
  const { response } = await provider.next();
  response.writeHead(200, { "content-type": "text/event-stream" }).write(streamed.start);
  const reader = ((await answering).body ?? new ReadableStream()).getReader();
  await reader.read();
  response.destroy();
  await expect(reader.read()).rejects.toThrow();
  await until(async () => (await stand.store.run(runId))?.tokens.input === 100);
});

test("the provider sees the key and the few headers it needs, never the run's bearer", async () => {
  const { capability } = await claimed();
  const answering = ask(capability, {
    headers: { "x-api-key": "mine", cookie: "a=b", "anthropic-beta": "context-management-2025-06-27", "x-forwarded-for": "10.0.0.1" },
  });
  const { headers, response } = await provider.next();
  response.writeHead(200, json).end("{}");
  await answering;
  expect(headers).toMatchObject({
    "x-api-key": key,
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "context-management-2025-06-27",
    "content-type": "application/json",
  });
  for (const name of ["authorization", "cookie", "x-forwarded-for"]) expect(headers).not.toHaveProperty(name);
  expect(JSON.stringify(headers)).not.toContain(capability);
});

test("a subscription's token goes as a bearer with its beta beside the run's own", async () => {
  const other = await startStand({ deps: { upstream: { baseUrl: provider.url, authToken: "sk-ant-oat01-token" } } });
  const { capability } = await claimed(other);
  const answering = ask(capability, { on: other, headers: { "anthropic-beta": "one" } });
  const { headers, response } = await provider.next();
  response.writeHead(200, json).end("{}");
  await answering;
  expect(headers).toMatchObject({ authorization: "Bearer sk-ant-oat01-token", "anthropic-beta": "one, oauth-2025-04-20" });
  expect(headers).not.toHaveProperty("x-api-key");
  await other.close();
});

test("the provider's refusals come through with when to try again, and without the key even where it repeats it", async () => {
  const { runId, capability } = await claimed();
  const answering = ask(capability);
  const { headers, response } = await provider.next();
  response
    .writeHead(529, { ...json, "retry-after": "7", "x-internal": key, "anthropic-ratelimit-requests-remaining": "0" })
    .end(JSON.stringify({ type: "error", error: { type: "overloaded_error", message: `not you, ${String(headers["x-api-key"])}` } }));
  const answer = await answering;
  expect([answer.status, answer.headers.get("retry-after"), answer.headers.get("anthropic-ratelimit-requests-remaining")]).toEqual([
    529,
    "7",
    "0",
  ]);
  const seen = JSON.stringify([await answer.json(), ...answer.headers]);
  expect(seen).toContain("overloaded_error");
  expect(seen).not.toContain(key);
  expect(stand.lines.join("")).not.toContain(key);
  expect((await stand.store.run(runId))?.usd).toBe(0);
});

const spend = (runId: string, usd: number, on = stand) =>
  on.store.addUsage(runId, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd });

async function refusedFor(scope: string, { capability, stream }: Awaited<ReturnType<typeof claimed>>) {
  const before = provider.unanswered.length;
  for (let nth = 0; nth < 2; nth++) {
    const refused = await ask(capability);
    expect([refused.status, refused.headers.get("content-type")]).toEqual([402, "application/problem+json"]);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining(`budget of the ${scope}`) });
  }
  expect(provider.unanswered).toHaveLength(before);
  return (await stand.store.readStream(stream)).filter(({ type }) => type === "BUDGET_EXCEEDED");
}

test("a run's spent budget ends its calls, and the history says so once", async () => {
  const run = await claimed();
  await spend(run.runId, 1);
  expect(await refusedFor("run", run)).toMatchObject([{ data: { scope: "run", limit: 1, spent: 1 } }]);
});

test("what earlier runs of the issue spent counts for it", async () => {
  const earlier = await claimed();
  await spend(earlier.runId, 2);
  const later = await claimed(stand, earlier.number);
  expect(await refusedFor("issue", later)).toMatchObject([{ data: { scope: "issue", limit: 2, spent: 2 } }]);
});

test("a spent day ends the calls of every run of the repository", async () => {
  const other = await startStand({ deps: { upstream: { baseUrl: provider.url, apiKey: key } }, policy: { limits: { usdPerDay: 3 } } });
  const one = await claimed(other);
  const two = await claimed(other);
  await spend(one.runId, 3.5, other);
  const refused = await ask(two.capability, { on: other });
  expect([refused.status, await refused.json()]).toEqual([
    402,
    expect.objectContaining({ detail: expect.stringContaining("budget of the day is spent: $3.50 of $3") }),
  ]);
  await other.close();
});

/** All six far away, but the one that a test is about. */
const plenty = { usdPerRun: 100, usdPerIssue: 100, usdPerDay: 100, tokensPerRun: 9e6, tokensPerIssue: 9e6, tokensPerDay: 9e6 };
const Problem = z.object({ detail: z.string().optional() });
const noon = new Date("2026-11-22T12:00:00Z");

/** A stand with these limits, where the run and another of the same repository spent something. */
async function account(limits: object) {
  const on = await startStand({
    deps: { upstream: { baseUrl: generous.url, apiKey: key } },
    // The bearer is judged by the database's own clock.
    desk: { now: () => new Date() },
    policy: { limits: { ...plenty, ...limits } },
  });
  const earlier = await claimed(on);
  const run = await claimed(on, earlier.number);
  const neighbour = await claimed(on);
  const spendTokens = (runId: string, usd: number, all: number) =>
    on.store.addUsage(runId, { input: all / 4, output: all / 4, cacheRead: all / 4, cacheWrite: all / 4, usd });
  const call = async () => {
    const answer = await ask(run.capability, { on });
    const { detail = "" } = Problem.parse(await answer.json());
    return { status: answer.status, scope: answer.headers.get("rig-budget-scope"), detail };
  };
  const told = async (type: string) =>
    (await on.store.readStream(run.stream)).filter((event) => event.type === type).map(({ data }) => data);
  const raise = (usd: number) => on.history.record(subjectOf(run.number), [{ type: "BUDGET_RAISED", data: { by: "anna", usd } }], "test");
  return { on, earlier, run, neighbour, spend: spendTokens, call, told, raise };
}

const who = { run: "run", issue: "earlier", day: "neighbour" } as const;

test.each([
  ["run", "usd", { usdPerRun: 2 }, 2],
  ["issue", "usd", { usdPerIssue: 2 }, 2],
  ["day", "usd", { usdPerDay: 2 }, 2],
  ["run", "tokens", { tokensPerRun: 4_000 }, 4_000],
  ["issue", "tokens", { tokensPerIssue: 4_000 }, 4_000],
  ["day", "tokens", { tokensPerDay: 4_000 }, 4_000],
] as const)("the budget of the %s in %s warns at four fifths and ends exactly at its border", async (scope, unit, limits, limit) => {
  const { on, spend, call, told, ...runs } = await account(limits);
  const spendHere = (share: number) => {
    const amount = limit * share;
    return spend(runs[who[scope]].runId, unit === "usd" ? amount : 0, unit === "tokens" ? amount : 0);
  };
  await spendHere(0.79);
  expect([(await call()).status, await told("BUDGET_WARNED")]).toEqual([200, []]);
  await spendHere(0.01);
  expect((await call()).status).toBe(200);
  expect(await told("BUDGET_WARNED")).toEqual([{ scope, unit, limit, spent: limit * 0.8 }]);
  await spendHere(0.2);
  const refused = await call();
  expect(refused).toMatchObject({ status: 402, scope });
  expect(refused.detail).toContain(unit === "usd" ? `The budget of the ${scope} is spent: $2.00 of $2.` : "4000 of 4000 tokens.");
  expect(refused.detail).toContain("/rig budget <usd>");
  expect(/\d{4}-\d\d-\d\d at 00:00 UTC/.test(refused.detail)).toBe(scope === "day");
  await call();
  expect(await told("BUDGET_WARNED")).toHaveLength(1);
  expect(await told("BUDGET_EXCEEDED")).toEqual([{ scope, unit, limit, spent: limit }]);
  await on.close();
});

test("a call just below the border goes through", async () => {
  const { on, spend, run, call } = await account({ usdPerIssue: 2, tokensPerIssue: 4_000 });
  await spend(run.runId, 1.999, 3_960);
  expect((await call()).status).toBe(200);
  await on.close();
});

test("what was said once is not said again after a restart, nor by calls side by side", async () => {
  const { on, run, spend, call: callIt, told } = await account({ usdPerRun: 2, usdPerIssue: 4 });
  await spend(run.runId, 3.5, 0);
  await Promise.all([callIt(), callIt(), callIt()]);
  expect(await told("BUDGET_EXCEEDED")).toMatchObject([{ scope: "run" }]);
  const desk = { ...on.history, store: on.store, now: () => new Date(), policyOf: async () => Policy.parse({ limits: { usdPerRun: 2 } }) };
  const restarted = budgetKeeper(desk, callsUnderWay());
  const row = await on.store.run(run.runId);
  if (!row) throw new Error("The run is not there.");
  const call = { model: question.model, bytes: 100, maxTokens: 100, thinking: 0 };
  await expect(restarted(row, call)).rejects.toThrow("The budget of the run is spent");
  expect(await told("BUDGET_EXCEEDED")).toHaveLength(1);
  await on.close();
});

test("a person's grant is the issue's limit, takes a run as far, and goes beyond the day it was made on, whatever the tokens", async () => {
  const { on, run, neighbour, spend, call, told, raise } = await account({ usdPerRun: 1, usdPerIssue: 2, usdPerDay: 3, tokensPerIssue: 4 });
  await spend(run.runId, 2, 8);
  await spend(neighbour.runId, 5, 0);
  expect(await call()).toMatchObject({ status: 402, scope: "issue" });
  await raise(4);
  expect((await call()).status).toBe(200);
  await spend(run.runId, 1.2, 0);
  expect((await call()).status).toBe(200);
  expect(await told("BUDGET_WARNED")).toMatchObject([
    { scope: "issue", limit: 4, spent: 3.2 },
    { scope: "run", limit: 4 },
  ]);
  await spend(run.runId, 0.8, 0);
  expect(await call()).toMatchObject({ status: 402, scope: "issue", detail: expect.stringContaining("$4.00 of $4") });
  expect(await told("BUDGET_EXCEEDED")).toMatchObject([
    { scope: "issue", limit: 2 },
    { scope: "issue", limit: 4 },
  ]);
  await on.close();
});

test("a grant of yesterday does not go beyond today's budget of the repository", async () => {
  const granted = { usd: 40, by: "anna", at: new Date("2026-11-21T23:59:59Z") };
  const spent = { usd: { run: 0, issue: 1, day: 3 }, tokens: { run: 0, issue: 0, day: 0 } };
  const { limits } = Policy.parse({ limits: { usdPerDay: 3 } });
  const spentOn = (at: Date) => budgetsOf({ limits, issue: { budget: { ...granted, at } }, spent, now: noon }).filter(isSpent);
  expect(spentOn(granted.at)).toEqual([{ scope: "day", unit: "usd", limit: 3, spent: 3 }]);
  expect(spentOn(new Date("2026-11-22T00:00:00Z"))).toEqual([]);
});

test.each([
  ["a model without a price", { ...question, model: "gpt-6" }, "gpt-6"],
  ["a tool that runs at the provider", { ...question, tools: [{ type: "web_fetch_20260209", name: "web_fetch" }] }, "web_fetch_20260209"],
  ["servers for the provider to call", { ...question, mcp_servers: [{ url: "https://evil.example" }] }, "mcp_servers"],
  ["another speed at another price", { ...question, speed: "fast" }, "speed"],
  ["no JSON", "cheese", "JSON"],
  ["no model", { messages: [] }, "model"],
])("%s is refused before the provider hears of it", async (_, body, named) => {
  const { capability } = await claimed();
  const before = provider.unanswered.length;
  const refused = await ask(capability, { body });
  expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ detail: expect.stringContaining(named) })]);
  expect(provider.unanswered).toHaveLength(before);
});

test("only the bearer of a run under way is served", async () => {
  expect((await ask("x".repeat(43))).status).toBe(401);
  const finished = await claimed();
  await stand.history.record(
    subjectOf(finished.number),
    [
      {
        type: "RUN_FINISHED",
        data: {
          runId: finished.runId,
          outcome: "patch",
          usd: 0,
          tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
          turns: 1,
          minutes: 1,
        },
      },
    ],
    "test",
  );
  expect((await ask(finished.capability)).status).toBe(409);
  const fenced = await claimed();
  await stand.history.record(subjectOf(fenced.number), [{ type: "ISSUE_HELD", data: { by: "anna", reason: "wait" } }], "test");
  expect((await ask(fenced.capability)).status).toBe(409);
});

test("a request above 8 MiB is refused", async () => {
  const { capability } = await claimed();
  expect((await ask(capability, { body: { ...question, system: "x".repeat(9_000_000) } })).status).toBe(413);
});

test("a run has four calls under way at most, so that they cannot overrun the budget side by side", async () => {
  const { capability } = await claimed();
  const four = Array.from({ length: 4 }, () => ask(capability));
  const held = await Promise.all(four.map(() => provider.next()));
  expect((await ask(capability)).status).toBe(429);
  for (const { response } of held) response.writeHead(200, json).end("{}");
  for (const answer of await Promise.all(four)) await answer.text();
  const fifth = ask(capability);
  (await provider.next()).response.writeHead(200, json).end("{}");
  expect((await fifth).status).toBe(200);
});

test("a provider out of reach and a missing key are told apart", async () => {
  const nowhere = await startStand({ deps: { upstream: { baseUrl: "http://127.0.0.1:9", apiKey: key } } });
  expect((await ask((await claimed(nowhere)).capability, { on: nowhere })).status).toBe(502);
  await nowhere.close();
  const keyless = await startStand({ deps: { upstream: { baseUrl: provider.url } } });
  const refused = await ask((await claimed(keyless)).capability, { on: keyless });
  expect([refused.status, await refused.json()]).toEqual([
    503,
    expect.objectContaining({ detail: expect.stringContaining("ANTHROPIC_API_KEY") }),
  ]);
  await keyless.close();
});

test.each([
  ["claude-haiku-4-5-20251001", { input: 1e6, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0 }, 1],
  ["claude-opus-5-5", { input: 0, output: 1e6, cacheRead: 1e6, cacheWrite: 0, cacheWriteHour: 0 }, 20.2],
  ["claude-sonnet-4-5", { input: 0, output: 0, cacheRead: 0, cacheWrite: 2e5, cacheWriteHour: 1e5 }, 0.975],
  ["claude-haiku-5-5", { input: 100_000, output: 1000, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0 }, 0.0105],
  ["claude-haiku-5-5", { input: 100_001, output: 1000, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0 }, 0.0525005],
])("%s costs what the list says", (model, tokens, usd) => {
  expect(usdFor(model, tokens)).toBeCloseTo(usd, 8);
});

test("what every object inherits is not a model", () => {
  expect(() => usdFor("constructor", { input: 1, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0 })).toThrow(
    "There is no price for the model constructor",
  );
});
