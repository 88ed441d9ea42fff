import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly response: ServerResponse;
}

/** A model provider that leaves each answer to the test: `next()` waits for the next request. */
export async function startProvider() {
  const asked: Asked[] = [];
  const waiting: ((one: Asked) => void)[] = [];
  const server = createServer(async (request, response) => {
    const one = { url: request.url ?? "", headers: request.headers, body: await text(request), response };
    const taker = waiting.shift();
    if (taker) taker(one);
    else asked.push(one);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    unanswered: asked,
    next: (): Promise<Asked> => {
      const one = asked.shift();
      return one ? Promise.resolve(one) : new Promise((resolve) => waiting.push(resolve));
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const sse = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

/** A streamed message as the provider sends it, in its two halves. */
export const streamed = {
  start: sse("message_start", {
    message: {
      id: "msg_1",
      model: "claude-sonnet-4-5",
      usage: { input_tokens: 100, output_tokens: 1, cache_read_input_tokens: 2000, cache_creation_input_tokens: 300 },
    },
  }),
  text: sse("content_block_delta", { index: 0, delta: { type: "text_delta", text: "käse \u{1F9C0}" } }),
  end: sse("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 50 } }) + sse("message_stop", {}),
};

/** 100 fresh, 2,000 cached, 300 written, 50 out, at $3, $0.30, $3.75 and $15 a million. */
export const streamedUsd = (100 * 3 + 2000 * 0.3 + 300 * 3.75 + 50 * 15) / 1_000_000;
