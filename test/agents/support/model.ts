/** The Anthropic Messages API as far as a scripted conversation needs it: streamed turns, refusals, broken streams. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { bodyOf, type Listening, listen } from "./http.ts";

export interface ToolCall {
  readonly name: string;
  /** As a string it is sent as it stands, JSON or not. */
  readonly input: object | string;
}

interface Spoken {
  /** Thought before it, signed. */
  readonly thinks?: string;
  readonly stop?: string;
}

/** What the model says next: tool calls, words, an HTTP error, an error in the middle of a stream, half a stream, silence, or nothing. */
export type Turn =
  | (Spoken & { readonly calls: readonly ToolCall[] })
  | (Spoken & { readonly says: string })
  | { readonly status: number; readonly message: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly fails: string }
  | "breaks off"
  | "is silent"
  | "is away";

export interface Usage {
  readonly input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
}

const ORDINARY: Usage = { input_tokens: 1_000, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };

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

/** `usageOf` says what a request costs; every one the same unless told. */
export async function startModel(turns: readonly Turn[], usageOf: (body: unknown) => Usage = () => ORDINARY): Promise<ScriptedModel> {
  const left = [...turns];
  const requests: Request[] = [];
  const server = await listen(async (request, response) => {
    const body: unknown = JSON.parse((await bodyOf(request)).toString());
    requests.push({ authorization: request.headers.authorization, apiKey: request.headers["x-api-key"], body });
    const turn = left.shift() ?? { status: 400, message: "The script is over." };
    if (turn === "is away") return void request.socket.destroy();
    if (turn === "is silent") return;
    if (turn === "breaks off") return breakOff(response);
    if ("fails" in turn) return fail(response, turn.fails);
    if ("status" in turn) {
      response.writeHead(turn.status, { "content-type": "application/json", ...turn.headers });
      response.end(JSON.stringify({ type: "error", error: { type: "api_error", message: turn.message } }));
      return;
    }
    stream(response, turn, usageOf(body));
  });
  return { ...server, requests };
}

const send = (response: ServerResponse, data: { readonly type: string; readonly [more: string]: unknown }) =>
  response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);

function start(response: ServerResponse, counted = ORDINARY): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const usage = { ...counted, output_tokens: 1 };
  const message = {
    id: `msg_${randomUUID()}`,
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

function fail(response: ServerResponse, type: string): void {
  start(response);
  send(response, { type: "error", error: { type, message: "Scripted failure" } });
  response.end();
}

function stream(
  response: ServerResponse,
  turn: Spoken & ({ readonly calls: readonly ToolCall[] } | { readonly says: string }),
  usage: Usage,
): void {
  start(response, usage);
  let index = 0;
  const block = (begin: object, ...deltas: readonly object[]) => {
    send(response, { type: "content_block_start", index, content_block: begin });
    for (const delta of deltas) send(response, { type: "content_block_delta", index, delta });
    send(response, { type: "content_block_stop", index });
    index += 1;
  };
  if (turn.thinks !== undefined) {
    const signed = { type: "signature_delta", signature: `signed-${turn.thinks}` };
    block({ type: "thinking", thinking: "", signature: "" }, { type: "thinking_delta", thinking: turn.thinks }, signed);
  }
  if ("says" in turn) block({ type: "text", text: "" }, { type: "text_delta", text: turn.says });
  else {
    for (const { name, input } of turn.calls) {
      const json = typeof input === "string" ? input : JSON.stringify(input);
      block({ type: "tool_use", id: `toolu_${randomUUID()}`, name, input: {} }, { type: "input_json_delta", partial_json: json });
    }
  }
  send(response, {
    type: "message_delta",
    delta: { stop_reason: turn.stop ?? ("says" in turn ? "end_turn" : "tool_use"), stop_sequence: null },
    usage: { output_tokens: 100 },
  });
  send(response, { type: "message_stop" });
  response.end();
}
