import Anthropic from "@anthropic-ai/sdk";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { call, costing, failingOnce, say, startModel, together } from "./model.ts";

let model: Awaited<ReturnType<typeof startModel>>;
let client: Anthropic;
beforeEach(async () => {
  model = await startModel({ key: "the-key" });
  client = new Anthropic({ baseURL: model.url, apiKey: "the-key", maxRetries: 2 });
});
afterEach(() => model.close());

const ask = (messages: Anthropic.MessageParam[], system = "You are Dev-E.") => ({
  model: "claude-sonnet-5-5",
  max_tokens: 1000,
  system,
  messages,
});
const task = (text: string): Anthropic.MessageParam => ({ role: "user", content: text });

test("a script answers a tool loop turn by turn, streamed or not, with the usage it names", async () => {
  model.script(
    ["Dev-E", "Tip jar"],
    [together(say("Let me look."), call("read", { path: "till.ts" })), costing({ input: 7, output: 3 }, say("Done."))],
  );
  const messages = [task("Tip jar for the till")];
  const first = await client.messages.create(ask(messages));
  expect(first).toMatchObject({
    stop_reason: "tool_use",
    content: [
      { type: "text", text: "Let me look." },
      { type: "tool_use", name: "read", input: { path: "till.ts" } },
    ],
  });
  const used = first.content.find((block) => block.type === "tool_use");
  messages.push(
    { role: "assistant", content: first.content },
    { role: "user", content: [{ type: "tool_result", tool_use_id: used?.id ?? "", content: "let tips = 0" }] },
  );
  const last = await client.messages.stream(ask(messages)).finalMessage();
  expect(last).toMatchObject({ stop_reason: "end_turn", content: [{ text: "Done." }], usage: { input_tokens: 7, output_tokens: 3 } });
  expect(await client.messages.create(ask(messages))).toMatchObject({ content: [{ text: "Done." }] });
});

test("scripts are told apart by who is asked for what, and may look at what the tools said", async () => {
  model.script(["Review-E", "Tip jar"], [say("reviewed")]);
  model.script(({ task }) => task.includes("Tip jar"), [({ tools }) => say(`implemented with ${tools.length} tools`)]);
  expect(await client.messages.create(ask([task("Tip jar")], "You are Review-E."))).toMatchObject({ content: [{ text: "reviewed" }] });
  expect(await client.messages.create(ask([task("Tip jar")]))).toMatchObject({ content: [{ text: "implemented with 0 tools" }] });
});

test("a scripted failure happens once, and the retry gets the turn", async () => {
  model.script("Tip jar", [failingOnce(529, say("after all"))]);
  expect(await client.messages.create(ask([task("Tip jar")]))).toMatchObject({ content: [{ text: "after all" }] });
  expect(model.requests().map(({ status }) => status)).toEqual([529, 200]);
});

test("a conversation nobody scripted is refused and remembered, and so is another key", async () => {
  await expect(client.messages.create(ask([task("Something else")]))).rejects.toThrow("No script is for this conversation");
  expect(model.unmatched()).toEqual([expect.stringContaining("Something else")]);
  await expect(new Anthropic({ baseURL: model.url, apiKey: "other" }).messages.create(ask([task("Tip jar")]))).rejects.toThrow("401");
});
