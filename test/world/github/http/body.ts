import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

const MOST_BYTES = 25 * 1024 * 1024;

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Refusal(413, "Payload too big");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The JSON sent; `undefined` where nothing was. */
export function parseJson(bytes: Buffer): unknown {
  if (!bytes.length) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}
