import { createHmac, randomUUID } from "node:crypto";
import net from "node:net";

export const appId = 4242;
export const secret = "a-webhook-secret-of-thirty-two-bytes";
export const previousSecret = "the-webhook-secret-before-the-rotation";

export const signature = (body: Buffer | string, key = secret) => `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;

/** The headers GitHub sends with a body. */
export const headersFor = (body: Buffer | string, key = secret) => ({
  "content-type": "application/json",
  "x-github-event": "issues",
  "x-github-delivery": randomUUID(),
  "x-github-hook-installation-target-id": String(appId),
  "x-github-hook-installation-target-type": "integration",
  "x-hub-signature-256": signature(body, key),
});

/** Sends a delivery as GitHub does. */
export async function deliver(url: string, body: Buffer | string, headers: Readonly<Record<string, string>> = headersFor(body)) {
  const response = await fetch(`${url}/api/github/webhooks`, { method: "POST", headers, body: Buffer.from(body) });
  const answer: unknown = await response.json();
  return { status: response.status, answer, retryAfter: response.headers.get("retry-after") };
}

/** Writes bytes to the door as they are, and reads until it closes the connection. */
export function raw(url: string, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let heard = "";
    const socket = net.connect(Number(port), hostname, () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(heard));
  });
}

/** Connects, writes, and goes away without listening. */
export function hangUp(url: string, written: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname, () => socket.write(written, () => socket.destroy()));
    socket.on("error", () => {}).on("close", () => resolve());
  });
}

export const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1]);
