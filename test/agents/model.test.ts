import { afterEach, expect, test } from "@jest/globals";
import { ModelError, openModel } from "../../agents/runtime/model.ts";
import { tools } from "../../agents/runtime/tools/index.ts";
import { calls, type ScriptedModel, startModel, type Turn } from "./support/model.ts";
import { CAPABILITY } from "./support/task.ts";

let server: ScriptedModel | undefined;
afterEach(() => server?.close());

const never = new AbortController().signal;

async function ask(turns: readonly Turn[], signal = never) {
  server = await startModel(turns);
  const model = openModel({
    gateway: server.url,
    capability: CAPABILITY,
    model: "claude-haiku-4-5",
    maxTokens: 100,
    system: "Be brief.",
    tools: { read: tools.read },
  });
  return model([{ role: "user", content: [{ type: "text", text: "Go." }] }], signal);
}

test("the gateway gets the capability, the character and the tools; what is stable is marked to be cached", async () => {
  const answer = await ask([calls("read", { path: "a" })]);
  expect(answer).toMatchObject({
    content: [{ type: "tool_use", name: "read", input: { path: "a" } }],
    tokens: { input: 1_000, output: 100 },
  });
  expect(server?.requests[0]).toMatchObject({
    authorization: `Bearer ${CAPABILITY}`,
    body: {
      stream: true,
      max_tokens: 100,
      system: [{ text: "Be brief.", cache_control: { type: "ephemeral" } }],
      tools: [{ name: "read", input_schema: { type: "object", required: ["path"] } }],
      messages: [{ role: "user", content: [{ text: "Go.", cache_control: { type: "ephemeral" } }] }],
    },
  });
});

test("a stream that breaks off in the middle is asked for again", async () => {
  expect((await ask(["breaks off", { says: "Here." }])).content).toMatchObject([{ text: "Here." }]);
});

test("an overloaded model is waited for", async () => {
  expect((await ask([{ status: 529, message: "Overloaded" }, { says: "Here." }])).content).toMatchObject([{ text: "Here." }]);
});

test("a spent budget is told as such and not tried again", async () => {
  const error = await ask([{ status: 402, message: "$5 of $5" }]).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ModelError);
  expect(error).toMatchObject({ why: "budget", message: expect.stringContaining("$5 of $5") });
  expect(server?.requests).toHaveLength(1);
});

test("a refused capability is told as such and not tried again", async () => {
  await expect(ask([{ status: 401, message: "Unknown run" }])).rejects.toMatchObject({ why: "unavailable" });
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
