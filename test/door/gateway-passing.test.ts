import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { z } from "zod";
import { knownModels } from "../../agents/runtime/prices.ts";
import { redactor } from "../../agents/runtime/redact.ts";
import { masking } from "../../app/door/gateway/masking.ts";
import { tokensOf } from "../../app/door/gateway/usage.ts";
import { bodyOf, type Listening, listen } from "../agents/support/http.ts";
import { askModel, claimedOn, question, until } from "./caller.ts";
import { startProvider, streamed } from "./provider.ts";
import { type Stand, startStand } from "./stand.ts";

const json = { "content-type": "application/json" };
const key = "sk-ant-api03-the-key-nobody-may-see";
const seen: { readonly url: string | undefined; readonly headers: IncomingMessage["headers"] }[] = [];
/** A provider that says back whatever it is told, in headers and in the body, streamed in small pieces. */
let echo: Listening;
let provider: Awaited<ReturnType<typeof startProvider>>;
let stand: Stand;
let echoed: Stand;

beforeAll(async () => {
  echo = await listen(async (request, response) => {
    await bodyOf(request);
    seen.push({ url: request.url, headers: request.headers });
    const told = JSON.stringify(request.headers);
    const inHeaders = { "request-id": told, "anthropic-ratelimit-tokens-limit": told, "retry-after": told, ...request.headers };
    response.writeHead(request.headers.accept === "refuse" ? 400 : 200, {
      ...inHeaders,
      ...json,
      "content-length": Buffer.byteLength(told),
    });
    for (const character of told) response.write(character);
    response.end();
  });
  provider = await startProvider();
  stand = await startStand({ deps: { upstream: { baseUrl: provider.url, apiKey: key }, redact: redactor([key]) } });
  echoed = await startStand({ deps: { upstream: { baseUrl: echo.url, apiKey: key }, redact: redactor([key]) } });
});
afterAll(async () => {
  for (const it of [stand, echoed, echo, provider]) await it.close();
});

test.each([
  ["an answer", "messages", "text/event-stream"],
  ["a refusal", "messages", "refuse"],
  ["a count", "messages/count_tokens", "application/json"],
])("%s never has the key, though the provider says back all it hears", async (_, path, accept) => {
  const { capability } = await claimedOn(echoed);
  const answer = await askModel(echoed, capability, { path, headers: { accept, "x-canary": "c", cookie: "d=e" } });
  const heard = JSON.stringify([await answer.text(), ...answer.headers]);
  expect(seen.at(-1)?.headers["x-api-key"]).toBe(key);
  expect(heard).toContain("***");
  expect(heard).not.toContain(key);
  expect(heard).not.toContain("canary");
  const names = ["content-type", "retry-after", "request-id", "anthropic-ratelimit-tokens-limit"];
  for (const name of answer.headers.keys())
    expect([...names, "date", "connection", "keep-alive", "transfer-encoding", "content-length"]).toContain(name);
});

test("with a key and a subscription's token only the key is sent", async () => {
  const both = await startStand({ deps: { upstream: { baseUrl: echo.url, apiKey: key, authToken: "sk-ant-oat01-token" } } });
  await (await askModel(both, (await claimedOn(both)).capability)).text();
  expect(seen.at(-1)?.headers["x-api-key"]).toBe(key);
  expect(seen.at(-1)?.headers).not.toHaveProperty("authorization");
  expect(seen.at(-1)?.headers).not.toHaveProperty("anthropic-beta");
  await both.close();
});

test("a subscription's beta is said once, though the caller says it too", async () => {
  const other = await startStand({ deps: { upstream: { baseUrl: echo.url, authToken: "sk-ant-oat01-token" } } });
  await (await askModel(other, (await claimedOn(other)).capability, { headers: { "anthropic-beta": "oauth-2025-04-20,one" } })).text();
  expect(seen.at(-1)?.headers).toMatchObject({ authorization: "Bearer sk-ant-oat01-token", "anthropic-beta": "oauth-2025-04-20,one" });
  await other.close();
});

test("an error in the middle of a stream is passed on, and what came before it is counted", async () => {
  const { runId, capability } = await claimedOn(stand);
  const answering = askModel(stand, capability);
  const { response } = await provider.next();
  const error = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
  response.writeHead(200, { "content-type": "text/event-stream" }).end(streamed.start + streamed.text + error);
  expect(await (await answering).text()).toBe(streamed.start + streamed.text + error);
  await until(async () => (await stand.store.run(runId))?.tokens.cacheRead === 2_000);
});

test.each([400, 401, 402, 403, 404, 413, 429, 500, 529])("a provider's %d comes with its kind and its words", async (status) => {
  const { runId, capability } = await claimedOn(stand);
  const answering = askModel(stand, capability);
  const { response } = await provider.next();
  const body = { type: "error", error: { type: "some_error", message: `It says ${status}.` }, request_id: "req_1" };
  response.writeHead(status, { ...json, "retry-after": "3", "request-id": "req_1" }).end(JSON.stringify(body));
  const answer = await answering;
  expect([answer.status, answer.headers.get("retry-after"), answer.headers.get("request-id")]).toEqual([status, "3", "req_1"]);
  // No budget of the run was asked: that is another 402.
  expect(answer.headers.has("rig-budget-scope")).toBe(false);
  expect(await answer.json()).toEqual(body);
  expect((await stand.store.run(runId))?.usd).toBe(0);
});

test("tokens are counted for nothing, whatever is spent", async () => {
  const { runId, capability } = await claimedOn(stand);
  await stand.store.addUsage(runId, { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, usd: 1e6 });
  const { max_tokens: _, ...body } = question;
  const answering = askModel(stand, capability, { path: "messages/count_tokens?beta=true", body });
  const { response, url } = await provider.next();
  expect(url).toBe("/v1/messages/count_tokens?beta=true");
  response.writeHead(200, json).end('{"input_tokens":7}');
  expect(await (await answering).json()).toEqual({ input_tokens: 7 });
  const unknown = await askModel(stand, capability, { path: "messages/count_tokens", body: { ...body, model: "gpt-6" } });
  expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining("claude-sonnet-4-5")]);
});

test("whoever asks is told which models there are, and what they cost", async () => {
  const { capability } = await claimedOn(stand);
  const answer = await fetch(`${stand.url}/llm/v1/models`, { headers: { authorization: `Bearer ${capability}` } });
  const Models = z.object({
    data: z.array(z.object({ type: z.literal("model"), id: z.string(), price: z.looseObject({ input: z.number(), output: z.number() }) })),
  });
  const { data } = Models.parse(await answer.json());
  expect(data.map(({ id }) => id)).toEqual(knownModels);
  expect(data.find(({ id }) => id === "claude-opus-5-5")?.price).toEqual({ input: 4, output: 20, cacheRead: 0.2 });
  expect((await fetch(`${stand.url}/llm/v1/models`)).status).toBe(401);
});

test.each([
  ["other models at other prices", { fallbacks: [{ model: "claude-fable-5" }] }, "fallbacks"],
  ["a conversation that the provider keeps", { thread: { id: "t" } }, "thread"],
  ["another way to pay", { fallback_credit_token: "x" }, "fallback_credit_token"],
])("%s cannot be asked for", async (_, more, named) => {
  const { capability } = await claimedOn(stand);
  const refused = await askModel(stand, capability, { body: { ...question, ...more } });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(named)]);
});

/** Bytes cut at these places. */
const cut = (bytes: Uint8Array, at: readonly number[]) => {
  const places = [...new Set(at.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [0, ...places].map((from, nth) => bytes.subarray(from, places[nth] ?? bytes.length));
};
const streamOf = (pieces: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
      controller.close();
    },
  });
const places = fc.array(fc.nat(), { maxLength: 40 });

const compacted = (end: string) =>
  end.replace(
    '"usage":{"output_tokens":50}',
    '"usage":{"output_tokens":50,"iterations":[{"type":"compaction","input_tokens":7,"output_tokens":8},{"type":"message","input_tokens":100,"output_tokens":50}]}',
  );

test("what a stream used is read the same however it is cut, with either end of line", async () => {
  const property = fc.asyncProperty(places, fc.constantFrom("\n", "\r\n"), async (at, line) => {
    const bytes = Buffer.from((streamed.start + streamed.text + compacted(streamed.end)).replaceAll("\n", line));
    const response = new Response(streamOf(cut(bytes, at)), { headers: { "content-type": "text/event-stream; charset=utf-8" } });
    expect(await tokensOf(response)).toEqual({ input: 107, output: 58, cacheRead: 2_000, cacheWrite: 300, cacheWriteHour: 0 });
  });
  await fc.assert(property, { numRuns: 100 });
});

test("a secret is masked wherever its pieces are cut, and nothing else is changed", async () => {
  const piece = fc.constantFrom("abcab", "ab", "a", "abc", "käse", "\u{1F9C0}", "abcabc");
  const property = fc.asyncProperty(fc.array(piece, { maxLength: 20 }), places, async (texts, at) => {
    const text = `.${texts.join("")}`;
    const masked = await new Response(streamOf(cut(Buffer.from(text), at)).pipeThrough(masking("abcab"))).text();
    expect(masked).toBe(text.replaceAll("abcab", "***"));
  });
  await fc.assert(property, { numRuns: 200 });
});
