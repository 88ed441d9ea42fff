/** The Anthropic Messages API as far as a scripted conversation needs it: streamed turns, refusals, broken streams. */
import type { ServerResponse } from "node:http";
import { bodyOf, type Listening, listen } from "./http.ts";

export interface ToolCall {
  readonly name: string;
  readonly input: object;
}

/** What the model says next: tool calls, words, an HTTP error, half a stream, or nothing. */
export type Turn =
  | { readonly calls: readonly ToolCall[] }
  | { readonly says: string }
  | { readonly status: number; readonly message: string }
  | "breaks off"
  | "is away";

export interface ScriptedModel extends Listening {
  /** Bodies of the requests, in order. */
  readonly requests: readonly Request[];
}

interface Request {
  readonly authorization: string | undefined;
  readonly apiKey: string | string[] | undefined;
  readonly body: unknown;
}

export const calls = (name: string, input: object): Turn => ({ calls: [{ name, input }] });

export async function startModel(turns: readonly Turn[]): Promise<ScriptedModel> {
  const left = [...turns];
  const requests: Request[] = [];
  const server = await listen(async (request, response) => {
    requests.push({
      authorization: request.headers.authorization,
      apiKey: request.headers["x-api-key"],
      body: JSON.parse((await bodyOf(request)).toString()),
    });
    const turn = left.shift() ?? { status: 400, message: "The script is over." };
    if (turn === "is away") return void request.socket.destroy();
    if (turn === "breaks off") return breakOff(response);
    if ("status" in turn) {
      response.writeHead(turn.status, { "content-type": "application/json" });
      response.end(JSON.stringify({ type: "error", error: { type: "api_error", message: turn.message } }));
      return;
    }
    stream(response, turn);
  });
  return { ...server, requests };
}

const send = (response: ServerResponse, data: { readonly type: string; readonly [more: string]: unknown }) =>
  response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);

function start(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const usage = { input_tokens: 1_000, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  send(response, { type: "message_start", message });
}

function breakOff(response: ServerResponse): void {
  start(response);
  send(response, { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
  response.destroy();
}

function stream(response: ServerResponse, turn: { readonly calls: readonly ToolCall[] } | { readonly says: string }): void {
  start(response);
  if ("says" in turn) {
    send(response, { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
    send(response, { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: turn.says } });
    send(response, { type: "content_block_stop", index: 0 });
  } else {
    for (const [index, { name, input }] of turn.calls.entries()) {
      send(response, { type: "content_block_start", index, content_block: { type: "tool_use", id: `toolu_${index}`, name, input: {} } });
      send(response, { type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: JSON.stringify(input) } });
      send(response, { type: "content_block_stop", index });
    }
  }
  send(response, {
    type: "message_delta",
    delta: { stop_reason: "says" in turn ? "end_turn" : "tool_use", stop_sequence: null },
    usage: { output_tokens: 100 },
  });
  send(response, { type: "message_stop" });
  response.end();
}
