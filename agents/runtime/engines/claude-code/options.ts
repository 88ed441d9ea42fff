/** How Claude Code is told to be no more than a conversation: our tools, our model, our limits, and nothing of the machine's or the repository's own. */
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { thinkingOf } from "../../prices.ts";
import type { Task } from "../../task.ts";
import type { Options, Spawn } from "./sdk.ts";

/** Under this name it knows our tools: `mcp__rig__bash`. */
export const SERVER = "rig";

/** Longer than any tool takes by itself, in milliseconds: a tool's own limits end it. */
const LONGEST_TOOL = 3_600_000;
/** More than a tool ever says (R25), in tokens. */
const MOST_SAID = 100_000;

export interface Setting {
  readonly task: Pick<Task, "gateway" | "capability" | "character" | "limits">;
  readonly system: string;
  readonly brief: string;
  /** An empty folder that is gone after the run: its home, its configuration, and where it stands. */
  readonly folder: string;
  /** Where programs are found. */
  readonly path: string;
  readonly server: Server;
  readonly abortController: AbortController;
  readonly begin: Spawn;
}

export function optionsFor({ task, system, brief, folder, path, server, abortController, begin }: Setting): Options {
  const { model, thinking } = task.character.llm;
  return {
    abortController,
    spawnClaudeCodeProcess: begin,
    cwd: folder,
    env: environmentOf(task, folder, path),
    model,
    systemPrompt: brief === "" ? [system] : [system, brief],
    // None of its own: no shell, no files, no network but through our tools.
    tools: [],
    allowedTools: [`mcp__${SERVER}__*`],
    permissionMode: "dontAsk",
    permissionPrompts: "none",
    mcpServers: { [SERVER]: { type: "sdk", name: SERVER, instance: server } },
    strictMcpConfig: true,
    settingSources: [],
    skills: [],
    persistSession: false,
    // A stranger's text is no slash command, and names no file to read.
    verbatimPrompts: true,
    includePartialMessages: true,
    maxTurns: task.limits.turns,
    maxBudgetUsd: task.limits.usd,
    ...thinkingFor(model, thinking),
  };
}

/** All that its process sees of the environment; the run's capability is the only credential in it. */
function environmentOf({ gateway, capability, character }: Setting["task"], folder: string, path: string): Options["env"] {
  const { model, maxTokens, cache } = character.llm;
  return {
    PATH: path,
    HOME: folder,
    TMPDIR: folder,
    LANG: "C.UTF-8",
    CLAUDE_CONFIG_DIR: folder,
    ANTHROPIC_BASE_URL: gateway,
    ANTHROPIC_AUTH_TOKEN: capability,
    ANTHROPIC_MODEL: model,
    // What it asks a small model for costs the same model's price, which a character has chosen.
    ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
    ANTHROPIC_SMALL_FAST_MODEL: model,
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(maxTokens),
    MCP_TOOL_TIMEOUT: String(LONGEST_TOOL),
    MAX_MCP_OUTPUT_TOKENS: String(MOST_SAID),
    ENABLE_TOOL_SEARCH: "false",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    CLAUDE_CODE_DISABLE_CLAUDE_MDS: "1",
    CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
    DISABLE_AUTOUPDATER: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    ...(cache === "1h" ? { ENABLE_PROMPT_CACHING_1H: "1" } : {}),
  };
}

function thinkingFor(model: string, tokens: number | undefined): Pick<Options, "thinking"> {
  if (thinkingOf(model) === "adaptive") return tokens === undefined ? {} : { thinking: { type: "adaptive" } };
  return { thinking: tokens === undefined ? { type: "disabled" } : { type: "enabled", budgetTokens: tokens } };
}
