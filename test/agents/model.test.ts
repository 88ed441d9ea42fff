import { afterEach, expect, test } from "@jest/globals";
import { type ModelOptions, openModel } from "../../agents/runtime/model.ts";
import { ModelError } from "../../agents/runtime/model-error.ts";
import { BUDGET_SCOPE } from "../../agents/runtime/task.ts";
import { tools } from "../../agents/runtime/tools/index.ts";
import { calls, type ScriptedModel, startModel, type Turn } from "./support/model.ts";
import { CAPABILITY } from "./support/task.ts";

let server: ScriptedModel | undefined;
afterEach(() => server?.close());

const never = new AbortController().signal;

async function ask(turns: readonly Turn[], more: Partial<ModelOptions> = {}, signal = never) {
  server = await startModel(turns);
  const model = openModel({
    gateway: server.url,
    capability: CAPABILITY,
    model: "claude-haiku-4-5",
    maxTokens: 100,
    system: "Be brief.",
    tools: { read: tools.read },
    ...more,
  });
  return model([{ role: "user", content: [{ type: "text", text: "Go." }] }], signal);
}

test("the gateway gets the capability, the character and the tools; what is stable is marked to be cached", async () => {
  const answer = await ask([calls("read", { path: "a" })], { brief: "A shop." });
  expect(answer).toMatchObject({
    content: [{ type: "tool_use", name: "read", input: { path: "a" } }],
    tokens: { input: 1_000, output: 100 },
  });
  expect(server?.requests[0]).toMatchObject({
    authorization: `Bearer ${CAPABILITY}`,
    body: {
      stream: true,
      max_tokens: 100,
      system: [
        { text: "Be brief.", cache_control: { type: "ephemeral" } },
        { text: "A shop.", cache_control: { type: "ephemeral" } },
      ],
      tools: [{ name: "read", input_schema: { type: "object", required: ["path"] } }],
      messages: [{ role: "user", content: [{ text: "Go.", cache_control: { type: "ephemeral" } }] }],
    },
  });
  expect(server?.requests[0]?.body).not.toHaveProperty("thinking");
});

test("what is cached for an hour says so", async () => {
  await ask([{ says: "Here." }], { cache: "1h" });
  expect(server?.requests[0]?.body).toMatchObject({ system: [{ cache_control: { type: "ephemeral", ttl: "1h" } }] });
});

test.each([
  ["claude-haiku-4-5", { type: "enabled", budget_tokens: 2_000 }],
  ["claude-sonnet-5-5", { type: "adaptive" }],
])("%s is told how it may think, and its thoughts come back with their signatures", async (model, thinking) => {
  const { content } = await ask([{ thinks: "Hm.", says: "Here." }], { model, thinking: 2_000, maxTokens: 4_000 });
  expect(server?.requests[0]?.body).toMatchObject({ thinking });
  expect(content).toMatchObject([{ type: "thinking", thinking: "Hm.", signature: "signed-Hm." }, { type: "text" }]);
});

test.each<[string, Turn]>([
  ["a stream that breaks off in the middle", "breaks off"],
  ["a provider that is overloaded in the middle", { fails: "overloaded_error" }],
  ["an overloaded model", { status: 529, message: "Overloaded" }],
  ["too many requests", { status: 429, message: "Slowly" }],
  ["a gateway that fails", { status: 502, message: "Away" }],
  ["a connection that breaks", "is away"],
])("%s is asked again", async (_, turn) => {
  expect((await ask([turn, { says: "Here." }])).content).toMatchObject([{ text: "Here." }]);
});

test("an answer that does not begin in time is asked for again", async () => {
  expect((await ask(["is silent", { says: "Here." }], { timeoutMs: 100 })).content).toMatchObject([{ text: "Here." }]);
});

test("who says when to come back is not asked before", async () => {
  const began = performance.now();
  await ask([{ status: 429, message: "Slowly", headers: { "retry-after": "1" } }, { says: "Here." }]);
  expect(performance.now() - began).toBeGreaterThanOrEqual(1_000);
});

test("who says to come back after all patience is not waited for", async () => {
  const busy: Turn = { status: 429, message: "Slowly", headers: { "retry-after": "60" } };
  await expect(ask([busy], { patienceMs: 10_000 })).rejects.toMatchObject({ why: "unavailable" });
});

test.each<[string, Turn, ModelError["why"]]>([
  ["a spent budget of the issue", { status: 402, message: "$5 of $5", headers: { [BUDGET_SCOPE]: "issue" } }, "budget"],
  ["a bill that the operator has not paid", { status: 402, message: "Your credit is too low" }, "unavailable"],
  ["a spent budget of the run", { status: 402, message: "$5 of $5", headers: { [BUDGET_SCOPE]: "run" } }, "run-budget"],
  ["a run that was replaced", { status: 409, message: "Replaced" }, "superseded"],
  ["a conversation that is too long", { status: 400, message: "prompt is too long: 210000 tokens > 200000 maximum" }, "too-long"],
  ["a request that is too large", { status: 413, message: "Too large" }, "too-long"],
  ["a refused capability", { status: 401, message: "Unknown run" }, "unavailable"],
  ["a forbidden model", { status: 403, message: "No" }, "unavailable"],
  ["a request that is wrong", { status: 400, message: "tools.0.name: wrong" }, "unavailable"],
  ["a request that is found wrong in the middle", { fails: "invalid_request_error" }, "unavailable"],
])("%s is told as such and not tried again", async (_, turn, why) => {
  const error = await ask([turn]).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ModelError);
  expect(error).toMatchObject({
    why,
    message: expect.stringContaining("status" in Object(turn) ? (turn as { message: string }).message : "Scripted"),
  });
  expect(server?.requests).toHaveLength(1);
});

test("an input that is no JSON is no object, and the answer is one all the same", async () => {
  const { content } = await ask([{ calls: [{ name: "read", input: "<path>a</path>" }] }]);
  expect(content).toMatchObject([{ type: "tool_use", name: "read", input: undefined }]);
});

test("who is told to stop while it waits for the model stops at once", async () => {
  const stop = new AbortController();
  const asking = ask([{ status: 529, message: "Overloaded" }, "is silent"], {}, stop.signal);
  asking.catch(() => undefined);
  while (!server?.requests.length) await new Promise(setImmediate);
  stop.abort("told");
  await expect(asking).rejects.not.toBeInstanceOf(ModelError);
});

test("the key of another account in the environment is not used", async () => {
  process.env.ANTHROPIC_API_KEY = "sk-ant-somebody-elses";
  try {
    await ask([{ says: "Here." }]);
    expect(server?.requests[0]?.authorization).toBe(`Bearer ${CAPABILITY}`);
    expect(server?.requests[0]?.apiKey).toBeUndefined();
  } finally {
    delete process.env.ANTHROPIC_API_KEY;
  }
});
