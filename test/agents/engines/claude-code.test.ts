import { expect, test } from "@jest/globals";
import { heard } from "../../../agents/runtime/engines/claude-code/heard.ts";
import { offer } from "../../../agents/runtime/engines/claude-code/offer.ts";
import { optionsFor } from "../../../agents/runtime/engines/claude-code/options.ts";
import { programs } from "../../../agents/runtime/engines/claude-code/program.ts";
import { loadQuery } from "../../../agents/runtime/engines/claude-code/sdk.ts";
import type { Task } from "../../../agents/runtime/task.ts";
import { tools } from "../../../agents/runtime/tools/index.ts";
import { CAPABILITY, taskOf } from "../support/task.ts";

test("without its package it says in one sentence how to install it", async () => {
  const missing = "@anthropic-ai/claude-agent-sdk-that-nobody-has";
  await expect(loadQuery(missing)).rejects.toThrow(
    `The engine claude-code needs the package ${missing}, which is not installed: on the runner, "npm install --global ${missing}" and set NODE_PATH`,
  );
});

const optionsOf = (llm: Partial<Task["character"]["llm"]> = {}, brief = "") => {
  const task = taskOf({ baseSha: "b".repeat(40), gateway: "http://127.0.0.1:1/llm" });
  return optionsFor({
    task: { ...task, character: { ...task.character, llm: { ...task.character.llm, ...llm } } },
    ...{ system: "You are Dev.", brief, folder: "/empty", path: "/bin" },
    ...{
      server: offer(tools, async () => ({ text: "", isError: false })),
      abortController: new AbortController(),
      begin: programs().begin,
    },
  });
};

test("it has no tool, setting, skill or session of its own, and asks nobody for more", () => {
  expect(optionsOf()).toMatchObject({
    tools: [],
    allowedTools: ["mcp__rig__*"],
    permissionMode: "dontAsk",
    permissionPrompts: "none",
    strictMcpConfig: true,
    settingSources: [],
    skills: [],
    persistSession: false,
    verbatimPrompts: true,
    cwd: "/empty",
    maxTurns: 10,
    maxBudgetUsd: 1,
  });
  expect(Object.keys(optionsOf().mcpServers)).toEqual(["rig"]);
});

test("its environment holds the run's capability and nothing of this process", () => {
  const { env } = optionsOf();
  expect(env).toMatchObject({
    HOME: "/empty",
    CLAUDE_CONFIG_DIR: "/empty",
    PATH: "/bin",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:1/llm",
    ANTHROPIC_AUTH_TOKEN: CAPABILITY,
  });
  expect(
    Object.keys(env).filter((name) => !/^(PATH|HOME|TMPDIR|LANG|ANTHROPIC_|CLAUDE_|MCP_|MAX_MCP_|ENABLE_TOOL_SEARCH|DISABLE_)/.test(name)),
  ).toEqual([]);
  for (const name of ["ANTHROPIC_MODEL", "ANTHROPIC_SMALL_FAST_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL"])
    expect(env[name]).toBe("claude-haiku-4-5");
});

test.each([
  ["the brief after who it is", {}, "The brief.", { systemPrompt: ["You are Dev.", "The brief."] }],
  ["who it is alone", {}, "", { systemPrompt: ["You are Dev."] }],
  ["no thinking", {}, "", { thinking: { type: "disabled" } }],
  ["thinking with a budget", { thinking: 2_000 }, "", { thinking: { type: "enabled", budgetTokens: 2_000 } }],
  ["thinking as the model decides", { model: "claude-opus-5-5", thinking: 2_000 }, "", { thinking: { type: "adaptive" } }],
  ["an hour in the cache", { cache: "1h" as const }, "", { env: expect.objectContaining({ ENABLE_PROMPT_CACHING_1H: "1" }) }],
  ["answers so long", { maxTokens: 999 }, "", { env: expect.objectContaining({ CLAUDE_CODE_MAX_OUTPUT_TOKENS: "999" }) }],
])("a character chooses %s", (_, llm, brief, options) => {
  expect(optionsOf(llm, brief)).toMatchObject(options);
});

test.each([{ type: "system", subtype: "init" }, { type: "anything" }, null, "text"])(
  "what a run does not hang on is passed over: %j",
  (message) => {
    expect(heard(message)).toBeUndefined();
  },
);

test("a program that is ended is gone", async () => {
  const { begin, end } = programs();
  const program = begin({ command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"], env: {} });
  await end();
  expect(program.signalCode).toBe("SIGKILL");
});
