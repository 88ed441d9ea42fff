/** JSON-RPC lines over a program's standard input and output. */
import { ReadBuffer, serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { Started } from "../sandbox/start.ts";
import { plain } from "../text.ts";

export interface Line extends Transport {
  /** What the program said last on its standard error, and how it ended, as far as it has. */
  readonly lastWords: () => string;
}

/** Bytes of one message. */
const MOST_MESSAGE = 2 * 1024 * 1024;
const MOST_WORDS = 500;

export function lineTo({ stdin, stdout, stderr, exited, kill }: Started): Line {
  const buffer = new ReadBuffer({ maxBufferSize: MOST_MESSAGE });
  let words = "";
  let end = "";
  let closed = false;
  const over = (how: string) => {
    if (closed) return;
    closed = true;
    end ||= how;
    line.onclose?.();
  };
  const read = (chunk: Buffer) => {
    try {
      buffer.append(chunk);
    } catch {
      end = `it sent more than ${MOST_MESSAGE} bytes in one message`;
      kill();
      return;
    }
    for (;;) {
      try {
        const message = buffer.readMessage();
        if (message === null) return;
        line.onmessage?.(message);
      } catch {
        // A line that is no message is what a program prints by mistake; the next one may be one.
      }
    }
  };
  const line: Line = {
    start: async () => {
      stdout.on("data", read);
      stderr.on("data", (chunk: Buffer) => {
        words = (words + plain(chunk)).slice(-MOST_WORDS);
      });
      exited.then(
        (exitCode) => over(exitCode === null ? "it was ended" : `it ended with ${exitCode}`),
        (error: Error) => over(`it could not be started: ${error.message}`),
      );
    },
    send: async (message: JSONRPCMessage) => {
      if (closed) throw new Error(end);
      stdin.write(serializeMessage(message));
    },
    close: async () => {
      kill();
      await exited.catch(() => undefined);
      over("it was ended");
    },
    lastWords: () => [end, words.trim()].filter(Boolean).join("; it said: "),
  };
  return line;
}
