/** What whoever holds a run's capability, or guesses one, can get out of the app: nothing but this run's own words and model (R7, R13). */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { redactor } from "../../agents/runtime/redact.ts";
import { Task } from "../../agents/runtime/task.ts";
import type { EventType } from "../../app/domain/events.ts";
import { hashOf } from "../../app/door/capability.ts";
import { bodyOf, type Listening, listen } from "../agents/support/http.ts";
import { agentOf, askForRun, headSha, type Stand, startStand, subjectOf } from "../door/stand.ts";
import { canary, leaksIn } from "./support/canaries.ts";

const key = canary("the provider's key", "sk-ant-api03-");
const asked: string[] = [];
let provider: Listening;
let stand: Stand;
let next = 900;

beforeAll(async () => {
  // It tells whoever asks all that it was told, as a careless provider would.
  provider = await listen(async (request, response) => {
    const heard = `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${await bodyOf(request)}`;
    asked.push(heard);
    response.writeHead(200, { "content-type": "application/json", "x-echo": JSON.stringify(request.headers) });
    response.end(
      JSON.stringify({ type: "message", content: [{ type: "text", text: heard }], usage: { input_tokens: 1, output_tokens: 1 } }),
    );
  });
  stand = await startStand({ deps: { upstream: { baseUrl: provider.url, apiKey: key.value }, redact: redactor([key.value]) } });
}, 180_000);
afterAll(async () => {
  await stand.close();
  await provider.close();
});

async function claimed() {
  const number = next++;
  const runId = await askForRun(stand, number);
  const oidc = await stand.issuer.sign({ claims: stand.claims() });
  const answer = await fetch(`${stand.url}/api/runs/${runId}/claim`, { method: "POST", headers: { authorization: `Bearer ${oidc}` } });
  const { capability } = Task.parse(await answer.json());
  return { number, runId, capability, stream: subjectOf(number).stream };
}

async function post(path: string, bearer: string, body: unknown) {
  const response = await fetch(`${stand.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", "anthropic-version": "2023-06-01" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: `${JSON.stringify([...response.headers])} ${await response.text()}` };
}

const question = { model: "claude-sonnet-4-5", max_tokens: 10, messages: [{ role: "user", content: "Hello?" }] };
const beat = (number: number) => ({ type: "HEARTBEAT", data: { agentId: agentOf(number), status: "working", progress: {} } });
const finished = (runId: string) => ({
  type: "RUN_FINISHED",
  data: { runId, outcome: "patch", usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, turns: 1, minutes: 1 },
});

const history = async (stream: string) =>
  JSON.stringify(await stand.store.readStream(stream as Parameters<Stand["store"]["readStream"]>[0]));

test.each([
  ["a guessed capability", () => randomBytes(32).toString("base64url")],
  ["the hash that the database keeps", hashOf],
  ["half of one", (capability: string) => capability.slice(0, 21)],
])("R7 stops: call the run API and the gateway with %s", async (_, bearerFrom) => {
  const { runId, number, stream, capability } = await claimed();
  const guess = bearerFrom(capability);
  const before = await history(stream);
  const calls = asked.length;
  expect((await post(`/api/runs/${runId}/events`, guess, beat(number))).status).toBe(401);
  expect((await post("/llm/v1/messages", guess, question)).status).toBe(401);
  expect(await history(stream)).toBe(before);
  expect(asked).toHaveLength(calls);
});

const others: readonly (readonly [EventType, (own: Awaited<ReturnType<typeof claimed>>) => object])[] = [
  ["ISSUE_APPROVED", () => ({ title: "Mine", body: "", bodyHash: "h", priority: "normal", dependsOn: [], approvedBy: "anna", actId: "2" })],
  ["PR_CREATED", () => ({ prNumber: 1, headSha, branch: "main", url: "https://example.com" })],
  ["REVIEW_PASSED", () => ({ prNumber: 1, headSha, reviewer: "review-e", reviewId: 1 })],
  ["HUMAN_GATE_APPROVED", () => ({ prNumber: 1, headSha, gate: "auth", by: "anna" })],
  ["CI_PASSED", () => ({ prNumber: 1, headSha })],
  ["MERGED", () => ({ prNumber: 1, headSha, mergeSha: headSha })],
  ["VERIFIED", () => ({ sha: headSha, probes: [] })],
  ["CHECKPOINT_SAVED", ({ runId }) => ({ runId, sha: headSha, usd: 0 })],
];

test.each(others)("R13 stops: say %s with the run's own capability", async (type, data) => {
  const own = await claimed();
  const before = await history(own.stream);
  expect((await post(`/api/runs/${own.runId}/events`, own.capability, { type, data: data(own) })).status).toBe(400);
  expect(await history(own.stream)).toBe(before);
});

test("R7 stops: speak for another run, and for another agent", async () => {
  const [own, other] = [await claimed(), await claimed()];
  const before = await history(other.stream);
  expect((await post(`/api/runs/${other.runId}/events`, own.capability, finished(other.runId))).status).toBe(403);
  expect((await post(`/api/runs/${own.runId}/events`, own.capability, finished(other.runId))).status).toBe(400);
  expect((await post(`/api/runs/${own.runId}/events`, own.capability, beat(other.number))).status).toBe(400);
  expect(await history(other.stream)).toBe(before);
});

test("R13 stops: get a token that writes with the run's capability, before and after its end", async () => {
  const own = await claimed();
  for (const path of ["publish-token", "claim"])
    expect((await post(`/api/runs/${own.runId}/${path}`, own.capability, {})).status).toBe(401);
  expect((await post(`/api/runs/${own.runId}/events`, own.capability, finished(own.runId))).status).toBe(202);
  for (const path of ["publish-token", "claim"])
    expect((await post(`/api/runs/${own.runId}/${path}`, own.capability, {})).status).toBe(401);
  expect(stand.minted).toEqual([]);
});

test("R13 stops: get a token that writes with the identity of a workflow on another branch, of another file, of another repository", async () => {
  const own = await claimed();
  expect((await post(`/api/runs/${own.runId}/events`, own.capability, finished(own.runId))).status).toBe(202);
  for (const claims of [
    { workflow_ref: "octo/tea/.github/workflows/dev-e.yml@refs/heads/rig/1-tea-1" },
    { workflow_ref: "octo/tea/.github/workflows/evil.yml@refs/heads/main" },
    { workflow_ref: "evil/tea/.github/workflows/dev-e.yml@refs/heads/main", repository_id: "6666", repository: "evil/tea" },
    { run_id: "6666" },
  ]) {
    const identity = await stand.issuer.sign({ claims: stand.claims(claims) });
    expect((await post(`/api/runs/${own.runId}/publish-token`, identity, {})).status).toBe(403);
  }
  expect(stand.minted).toEqual([]);
});

test("R7 stops: use the capability after the end of the run", async () => {
  const own = await claimed();
  expect((await post("/llm/v1/messages", own.capability, question)).status).toBe(200);
  expect((await post(`/api/runs/${own.runId}/events`, own.capability, finished(own.runId))).status).toBe(202);
  const calls = asked.length;
  const before = await history(own.stream);
  expect([401, 409]).toContain((await post("/llm/v1/messages", own.capability, question)).status);
  expect([401, 403, 409]).toContain((await post(`/api/runs/${randomUUID()}/events`, own.capability, beat(own.number))).status);
  expect(asked).toHaveLength(calls);
  expect(await history(own.stream)).toBe(before);
});

test.each([
  ["a model nobody offered", { ...question, model: "claude-opus-9" }],
  ["a server's tool that fetches", { ...question, tools: [{ type: "web_fetch_20250910", name: "web_fetch" }] }],
  ["a server's tool that searches", { ...question, tools: [{ type: "web_search_20250305", name: "web_search" }] }],
  ["a server's tool that runs code", { ...question, tools: [{ type: "code_execution_20250825", name: "code_execution" }] }],
  ["tool servers of the provider", { ...question, mcp_servers: [{ type: "url", url: "https://evil.example", name: "evil" }] }],
  ["a container", { ...question, container: "container_1" }],
])("R7 stops: ask the provider for %s", async (_, body) => {
  const own = await claimed();
  const calls = asked.length;
  expect((await post("/llm/v1/messages", own.capability, body)).status).toBe(400);
  expect(asked).toHaveLength(calls);
});

test.each(["/llm/v1/files", "/llm/v1/messages/batches", "/llm/v1/skills", "/llm/v1/organizations/me"])(
  "R7 stops: call %s of the provider through the gateway",
  async (path) => {
    const own = await claimed();
    const calls = asked.length;
    expect((await post(path, own.capability, question)).status).toBeGreaterThanOrEqual(400);
    expect(asked).toHaveLength(calls);
  },
);

test("R7 stops: see the provider's key, even where the provider repeats it", async () => {
  const own = await claimed();
  const { status, text } = await post("/llm/v1/messages", own.capability, question);
  expect(status).toBe(200);
  expect(asked.at(-1)).toContain(key.value);
  const rows = JSON.stringify((await stand.pool.query("select r.* from rig.runs r")).rows);
  const sinks = { "the answer": text, "the log": stand.lines.join(""), "the event store": await history(own.stream), "the runs": rows };
  expect(leaksIn(sinks, [key, { name: "the capability", value: own.capability }])).toEqual([]);
});
