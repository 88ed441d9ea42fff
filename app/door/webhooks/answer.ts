import type { IncomingMessage, ServerResponse } from "node:http";

const LINGER = 2_000;

/** Every answer of the webhook endpoint is one small JSON object. */
export function answer(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text), ...headers });
  response.end(text);
}

/**
 * Answers before the body is read and closes the connection. What still comes is thrown away for a moment first:
 * closing at once would reset the connection, and the sender might never see the answer.
 */
export function answerEarly(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    connection: "close",
    ...headers,
  });
  response.write(text);
  const close = () => {
    clearTimeout(patience);
    response.end();
  };
  const patience = setTimeout(close, LINGER);
  request
    .once("end", close)
    .once("close", close)
    .on("error", () => {});
  request.resume();
}
