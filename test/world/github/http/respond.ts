import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Identity } from "../auth/identity.ts";
import type { Resource } from "../call-book.ts";
import type { Answer } from "../rest/endpoint.ts";
import type { World } from "../world.ts";

/** Which hour a call is counted against; reading one's own limit is free. */
const resourceOf = (operation: string): Resource | undefined =>
  operation === "graphql" ? "graphql" : operation === "rate-limit/get" ? undefined : "core";

const strong = (etag: string) => etag.trim().replace(/^W\//, "");

interface Caller {
  readonly identity: Identity;
  readonly operation: string;
}

/** Sends an answer: 304 without a body where the caller has it already. Only that is not counted. */
export function respond(
  request: IncomingMessage,
  response: ServerResponse,
  world: World,
  answer: Answer,
  { identity, operation }: Caller,
): void {
  const content = answer.raw?.content ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const etag = request.method === "GET" && answer.status === 200 ? `W/"${createHash("sha256").update(content).digest("hex")}"` : undefined;
  const known = request.headers["if-none-match"]?.split(",").map(strong) ?? [];
  const unchanged = etag !== undefined && known.includes(strong(etag));
  const resource = resourceOf(operation);
  if (resource && !unchanged) world.calls.count(identity, resource);
  const { limit, remaining, used, reset } = world.calls.quota(identity, resource ?? "core");
  const headers: Record<string, string | number> = {
    "x-github-media-type": "github.v3; format=json",
    "x-github-request-id": crypto.randomUUID(),
    "x-ratelimit-limit": limit,
    "x-ratelimit-remaining": remaining,
    "x-ratelimit-used": used,
    "x-ratelimit-reset": reset,
    "x-ratelimit-resource": resource ?? "core",
    date: world.now().toUTCString(),
    ...(etag ? { etag, "cache-control": "private, max-age=60, s-maxage=60" } : {}),
    ...answer.headers,
  };
  if (unchanged) {
    response.writeHead(304, headers).end();
    return;
  }
  if (answer.raw || answer.body !== undefined) headers["content-type"] = answer.raw?.type ?? "application/json; charset=utf-8";
  response.writeHead(answer.status, headers).end(content);
}
