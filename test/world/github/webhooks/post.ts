import { createHmac } from "node:crypto";
import { type Agent, request } from "node:http";
import type { Outgoing } from "./delivery.ts";

const TIMEOUT_MS = 10_000;
const KEPT_RESPONSE = 10_000;
const HOOK_ID_OFFSET = 3_000_000;

export interface Posted {
  readonly statusCode: number;
  readonly status: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly response: string;
}

export function hookHeaders({ appId, guid, event, secret, body }: Outgoing): Record<string, string> {
  return {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/044aadd",
    "x-github-delivery": guid,
    "x-github-event": event,
    "x-github-hook-id": String(HOOK_ID_OFFSET + appId),
    "x-github-hook-installation-target-id": String(appId),
    "x-github-hook-installation-target-type": "integration",
    ...(secret
      ? {
          "x-hub-signature": `sha1=${createHmac("sha1", secret).update(body).digest("hex")}`,
          "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
        }
      : {}),
  };
}

const failed = (status: string): Posted => ({ statusCode: 0, status, headers: {}, response: "" });

/** Posts it once. GitHub waits ten seconds and never tries again by itself. */
export function post(outgoing: Outgoing, headers: Readonly<Record<string, string>>, agent: Agent): Promise<Posted> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(outgoing.body);
    const asked = request(outgoing.url, {
      method: "POST",
      agent,
      headers: { ...headers, "content-length": bytes.length },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    asked.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve(failed("failed to read the response")));
      response.on("end", () => {
        const statusCode = response.statusCode ?? 0;
        const fine = statusCode >= 200 && statusCode < 300;
        const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          statusCode,
          status: fine ? "OK" : `Invalid HTTP Response: ${statusCode}`,
          headers: Object.fromEntries(received),
          response: Buffer.concat(chunks).toString().slice(0, KEPT_RESPONSE),
        });
      });
    });
    asked.on("error", ({ name }) =>
      resolve(failed(name === "TimeoutError" || name === "AbortError" ? "timed out" : "failed to connect to host")),
    );
    asked.end(bytes);
  });
}
