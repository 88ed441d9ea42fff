import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { usdFor } from "../../agents/runtime/prices.ts";
import { redactor } from "../../agents/runtime/redact.ts";
import { Task } from "../../agents/runtime/task.ts";
import { startProvider, streamed, streamedUsd } from "./provider.ts";
import { askForRun, type Stand, startStand, subjectOf } from "./stand.ts";

const key = "sk-ant-api03-the-key-nobody-may-see";
let provider: Awaited<ReturnType<typeof startProvider>>;
let stand: Stand;
let next = 300;

beforeAll(async () => {
  provider = await startProvider();
  stand = await startStand({
    deps: { upstream: { baseUrl: provider.url, apiKey: key }, redact: redactor([key]) },
    policy: { limits: { usdPerRun: 1, usdPerIssue: 2, usdPerDay: 100 } },
  });
});
afterAll(async () => {
  await stand.close();
  await provider.close();
});

async function claimed(on = stand, number = next++) {
  const runId = await askForRun(on, number);
  const bearer = await on.issuer.sign({ claims: on.claims() });
  const answer = await fetch(`${on.url}/api/runs/${runId}/claim`, { method: "POST", headers: { authorization: `Bearer ${bearer}` } });
  const { capability } = Task.parse(await answer.json());
  return { number, runId, capability, stream: subjectOf(number).stream };
}

const question = { model: "claude-sonnet-4-5", max_tokens: 100, messages: [{ role: "user", content: "Cheese?" }] };
const ask = (
  capability: string,
  {
    body = question,
    headers = {},
    on = stand,
    signal,
  }: { body?: unknown; headers?: Record<string, string>; on?: Stand; signal?: AbortSignal } = {},
) =>
  fetch(`${on.url}/llm/v1/messages?beta=true`, {
    method: "POST",
    headers: { authorization: `Bearer ${capability}`, "content-type": "application/json", "anthropic-version": "2023-06-01", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
const json = { "content-type": "application/json" };

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

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await holds())) if (performance.now() > deadline) throw new Error("It did not come true within five seconds.");
}
