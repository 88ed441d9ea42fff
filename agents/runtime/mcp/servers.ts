/** Tool servers (https://modelcontextprotocol.io): programs in the sandbox that bring tools. One that fails is missed, never fatal. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { CallToolResultSchema, ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { type ResolvedCharacter, TOOL_NAME } from "../character.ts";
import { messageOf } from "../errors.ts";
import { quoted } from "../sandbox/quoted.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { headAndTail, plain } from "../text.ts";
import type { Tool } from "../tools/tool.ts";
import { type Line, lineTo } from "./transport.ts";

type McpServer = ResolvedCharacter["mcpServers"][string];
type Described = z.infer<typeof ListToolsResultSchema>["tools"][number];

export interface Servers {
  /** By `<server>__<tool>`. */
  readonly tools: Readonly<Record<string, Tool>>;
  /** A sentence for each server and tool that is not to be had. */
  readonly missing: readonly string[];
  readonly close: () => Promise<void>;
}

export interface ServerOptions {
  readonly sandbox: Pick<Sandbox, "start">;
  readonly signal: AbortSignal;
  /** How long a server may take to begin and to tell its tools, and how long for a call, in milliseconds. */
  readonly beginMs?: number;
  readonly callMs?: number;
}

const MOST_TOOLS = 64;
const MOST_DESCRIPTION = 4_096;
const MOST_SCHEMA = 32 * 1024;
const MOST_WHY = 600;

export async function openServers(servers: ResolvedCharacter["mcpServers"], options: ServerOptions): Promise<Servers> {
  const opened = await Promise.all(Object.entries(servers).map(([name, server]) => openServer(name, server, options)));
  return {
    tools: Object.fromEntries(opened.flatMap(({ tools }) => Object.entries(tools).toSorted(([a], [b]) => (a < b ? -1 : 1)))),
    missing: opened.flatMap(({ missing }) => missing),
    close: async () => {
      await Promise.all(opened.map(({ close }) => close()));
    },
  };
}

async function openServer(name: string, { command, args, tools: allowed }: McpServer, options: ServerOptions): Promise<Servers> {
  const { sandbox, signal, beginMs = 30_000, callMs = 120_000 } = options;
  let line: Line | undefined;
  try {
    line = lineTo(sandbox.start(`exec ${[command, ...args].map(quoted).join(" ")}`));
    const client = new Client({ name: "engineering-rig", version: "1" });
    const patience = { timeout: beginMs, maxTotalTimeout: beginMs, signal };
    await client.connect(line, patience);
    const described = await listed(client, patience);
    const offered = allowed === undefined ? described : described.filter((one) => allowed.includes(one.name));
    const absent = (allowed ?? []).filter((wanted) => !described.some((one) => one.name === wanted));
    const { tools, missing } = usable(name, offered, callerOf(name, client, line, callMs));
    return { tools, missing: [...absent.map((wanted) => `The tool server ${name} has no tool ${wanted}.`), ...missing], close: line.close };
  } catch (error) {
    await line?.close();
    const why = [line?.lastWords(), messageOf(error)].filter(Boolean).join("; ");
    return { tools: {}, missing: [`The tool server ${name} is not available: ${why.slice(0, MOST_WHY)}`], close: async () => undefined };
  }
}

interface Patience {
  readonly timeout: number;
  readonly maxTotalTimeout: number;
  readonly signal: AbortSignal;
}

/** Through `request`, not `listTools`: that one compiles every schema of the server into code in this process. */
async function listed(client: Client, patience: Patience): Promise<readonly Described[]> {
  const found: Described[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.request({ method: "tools/list", params: cursor ? { cursor } : {} }, ListToolsResultSchema, patience);
    found.push(...page.tools);
    cursor = page.nextCursor;
    if (!cursor || found.length > MOST_TOOLS) return found;
  }
}

/** What is wrong with a tool as its server describes it. */
function fault(name: string, { name: called, inputSchema }: Described, has: ReadonlySet<string>): string | undefined {
  if (!TOOL_NAME.test(`${name}__${called}`)) return "its name has other characters than letters, digits, _ and -, or is too long";
  if (has.has(called)) return "the server has two of this name";
  if (has.size >= MOST_TOOLS) return `a server may bring ${MOST_TOOLS} tools`;
  return JSON.stringify(inputSchema).length > MOST_SCHEMA ? `the schema of its input is larger than ${MOST_SCHEMA} bytes` : undefined;
}

type Call = (tool: string, input: Record<string, unknown>, signal: AbortSignal) => Promise<string>;

function usable(name: string, described: readonly Described[], call: Call): Pick<Servers, "tools" | "missing"> {
  const has = new Set<string>();
  const tools: Record<string, Tool> = {};
  const missing: string[] = [];
  for (const one of described) {
    const wrong = fault(name, one, has);
    if (wrong) {
      missing.push(`The tool ${plain(one.name).slice(0, 80)} of the server ${name} is left out: ${wrong}.`);
      continue;
    }
    has.add(one.name);
    tools[`${name}__${one.name}`] = {
      description: plain(one.description ?? one.name).slice(0, MOST_DESCRIPTION),
      input: Input,
      schema: { ...one.inputSchema, type: "object" },
      run: async (input, { signal }) => ({ text: await call(one.name, Input.parse(input), signal) }),
    };
  }
  return { tools, missing };
}

/** The server itself judges what it is given. */
const Input = z.looseObject({});

const callerOf =
  (server: string, client: Client, line: Line, timeout: number): Call =>
  async (name, input, signal) => {
    const request = { method: "tools/call" as const, params: { name, arguments: input } };
    let result: z.infer<typeof CallToolResultSchema>;
    try {
      result = await client.request(request, CallToolResultSchema, { timeout, maxTotalTimeout: timeout, signal });
    } catch (error) {
      const last = line.lastWords();
      throw new Error(`The tool server ${server} did not answer: ${messageOf(error)}${last ? ` (${last})` : ""}`);
    }
    const text = headAndTail(plain(textOf(result)));
    if (result.isError) throw new Error(text || "The tool failed and said nothing.");
    return text || "(no text)";
  };

/** Only text goes to the model. */
function textOf({ content, structuredContent }: z.infer<typeof CallToolResultSchema>): string {
  const parts = content.map((block) => {
    if (block.type === "text") return block.text;
    if (block.type === "resource" && "text" in block.resource) return block.resource.text;
    return `[${block.type}: not shown]`;
  });
  return parts.length > 0 || structuredContent === undefined ? parts.join("\n") : JSON.stringify(structuredContent, null, 2);
}
