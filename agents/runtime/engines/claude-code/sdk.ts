/** The Claude Agent SDK as far as it is used here. It is no dependency: whoever wants this engine installs it. */
import type { ChildProcessByStdio } from "node:child_process";
import { createRequire } from "node:module";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { z } from "zod";

export const PACKAGE = "@anthropic-ai/claude-agent-sdk";

/** Starts the program that runs the conversation. */
export type Spawn = (how: {
  readonly command: string;
  readonly args: string[];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
}) => ChildProcessByStdio<Writable, Readable, null>;

/** https://code.claude.com/docs/en/agent-sdk/typescript */
export interface Options {
  readonly spawnClaudeCodeProcess: Spawn;
  readonly abortController: AbortController;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly model: string;
  readonly systemPrompt: readonly string[];
  readonly tools: readonly [];
  readonly allowedTools: readonly string[];
  readonly permissionMode: "dontAsk";
  readonly permissionPrompts: "none";
  readonly mcpServers: Readonly<Record<string, { readonly type: "sdk"; readonly name: string; readonly instance: Server }>>;
  readonly strictMcpConfig: true;
  readonly settingSources: readonly [];
  readonly skills: readonly [];
  readonly persistSession: false;
  readonly verbatimPrompts: true;
  readonly includePartialMessages: true;
  readonly maxTurns: number;
  readonly maxBudgetUsd: number;
  readonly thinking?: { readonly type: "adaptive" | "disabled" } | { readonly type: "enabled"; readonly budgetTokens: number };
}

export interface UserMessage {
  readonly type: "user";
  readonly message: { readonly role: "user"; readonly content: string };
  readonly parent_tool_use_id: null;
}

export type Query = (given: { readonly prompt: AsyncIterable<UserMessage>; readonly options: Options }) => AsyncIterable<unknown>;

const Sdk = z.object({ query: z.custom<Query>((value) => typeof value === "function") });

/** Loads the package from beside the program or from `NODE_PATH`; throws how to install it where it is not to be had. */
export async function loadQuery(name = PACKAGE): Promise<Query> {
  let file: string;
  try {
    file = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(
      `The engine claude-code needs the package ${name}, which is not installed: on the runner, "npm install --global ${name}" and set NODE_PATH to what "npm root --global" prints.`,
    );
  }
  return Sdk.parse(await import(pathToFileURL(file).href)).query;
}
