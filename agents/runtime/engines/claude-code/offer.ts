/** Our tools as a server that Claude Code calls inside this very process. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { schemaOf, type Tool } from "../../tools/tool.ts";
import { SERVER } from "./options.ts";

/** What came of a call. */
export interface Came {
  readonly text: string;
  readonly isError: boolean;
}

/** Calls come one after the other, whatever is asked for at once. */
export function offer(tools: Readonly<Record<string, Tool>>, act: (name: string, input: unknown) => Promise<Came>): Server {
  const server = new Server({ name: SERVER, version: "1" }, { capabilities: { tools: {} } });
  let last: Promise<unknown> = Promise.resolve();
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.entries(tools).map(([name, tool]) => ({
      name,
      description: tool.description,
      inputSchema: schemaOf(tool),
      _meta: { "anthropic/alwaysLoad": true },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const mine = last.then(() => act(params.name, params.arguments ?? {}));
    last = mine.catch(() => undefined);
    const { text, isError } = await mine;
    return { content: [{ type: "text", text }], isError };
  });
  return server;
}
