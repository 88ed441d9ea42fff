import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { appOf, type Identity, loginOf } from "../auth/identity.ts";
import { identify, tokenOf } from "../auth/tokens.ts";
import type { FaultKind } from "../faults.ts";
import { answerGraphql } from "../graphql/answer.ts";
import type { Answer } from "../rest/endpoint.ts";
import type { World } from "../world.ts";
import { parseJson, readBytes } from "./body.ts";
import { notFound, Refusal, refusalBody } from "./refusal.ts";
import { respond } from "./respond.ts";
import { byName, serve } from "./rest.ts";
import type { Matched } from "./router.ts";

type FindRoute = (method: string, path: string) => Matched | undefined;

const GRAPHQL = "/graphql";
const isWrite = (method: string, path: string) => method !== "GET" && method !== "HEAD" && path !== GRAPHQL;

const html = (status: number, title: string): Answer => ({
  status,
  raw: { type: "text/html; charset=utf-8", content: `<html><head><title>${title}</title></head></html>` },
});

/** What a fault answers by itself. */
function faulty(kind: FaultKind): Answer | undefined {
  switch (kind) {
    case "502":
    case "502-after-write":
      return html(502, "502 Bad Gateway");
    case "503":
      return html(503, "Unicorn! GitHub");
    case "secondary-limit":
      return {
        status: 403,
        headers: { "retry-after": "1" },
        body: refusalBody(new Refusal(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")),
      };
    case "429":
      return { status: 429, headers: { "retry-after": "1" }, body: refusalBody(new Refusal(429, "API rate limit exceeded")) };
    case "base-moved":
      return { status: 405, body: refusalBody(new Refusal(405, "Base branch was modified. Review and try the merge again.")) };
    case "hang":
    case "reset":
    case "stale":
      return undefined;
  }
}

async function answerOf(world: World, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: refusalBody(error), headers: error.headers };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.violations.push({ side: "response", operation: "the stand-in itself", path: "", errors: [message], content: undefined });
    return { status: 500, body: { message: "Server Error" } };
  }
}

/** One call of the API, from its bytes to its answer. */
export async function handleApi(
  world: World,
  findRoute: FindRoute,
  latencyMs: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? "GET";
  const url = new URL(request.url ?? "/", world.origin);
  // The API lies under /api/v3 here, as on GitHub Enterprise Server; there clients ask GraphQL at /api/graphql.
  const path = byName(world, url.pathname.replace(/^\/api(\/v3)?/, ""));
  const fault = world.faults.take(method, path);
  if (latencyMs) await wait(latencyMs);
  if (fault === "hang") return;
  if (fault === "reset") {
    request.socket.destroy();
    return;
  }
  let identity: Identity = { kind: "anonymous" };
  let body: unknown;
  let operation = "unknown";
  const work = async (): Promise<Answer> => {
    const bytes = await readBytes(request);
    identity = await identify(world, tokenOf(request.headers.authorization));
    if (path === GRAPHQL && method === "POST") {
      operation = "graphql";
      return answerGraphql(world, identity, parseJson(bytes));
    }
    const matched = findRoute(method, path);
    if (!matched) {
      world.unknownRoutes.push(`${method} ${path}`);
      throw notFound();
    }
    operation = matched.route.operation.operationId;
    body = parseJson(bytes);
    return serve(world, {
      identity,
      matched,
      url,
      query: Object.fromEntries(url.searchParams),
      body,
      accept: request.headers.accept ?? "",
    });
  };

  const inPlace = fault === "stale" ? world.lastReads.get(url.href) : fault && fault !== "502-after-write" ? faulty(fault) : undefined;
  if (inPlace) await readBytes(request);
  const answer = inPlace ?? (await answerOf(world, work));
  if (isWrite(method, path)) {
    const app = appOf(identity);
    const status = answer.status;
    world.writes.push({
      at: world.now(),
      method,
      path,
      operation,
      actor: loginOf(identity),
      tokenKind: identity.kind,
      ...(app ? { appId: app.id } : {}),
      body,
      status,
    });
  } else {
    world.lastReads.set(url.href, answer);
    world.reads.set(operation, (world.reads.get(operation) ?? 0) + 1);
  }
  const said = fault === "502-after-write" ? (faulty(fault) ?? answer) : answer;
  respond(request, response, world, said, { identity, operation });
}
