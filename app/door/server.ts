/** The app's one listener: GitHub's deliveries go to their own handler, all else to Hono. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { routePath } from "hono/route";
import type { Log } from "../log.ts";
import { gatewayRoutes } from "./gateway/routes.ts";
import type { Upstream } from "./gateway/upstream.ts";
import { healthRoutes, type ReadinessChecks } from "./health.ts";
import { countDelivery, createMetrics, type Metrics, startMetrics } from "./metrics.ts";
import { Problem, problemResponse } from "./problem.ts";
import type { Desk } from "./runs/desk.ts";
import { runRoutes } from "./runs/routes.ts";
import { WEBHOOK_PATH, type WebhookDeps, webhookHandler } from "./webhooks.ts";

export interface DoorDeps {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metricsPort: number;
  readonly webhooks: Pick<WebhookDeps, "secrets" | "appIds" | "store">;
  readonly checks: ReadinessChecks;
  /** `publicUrl` unset: the listener's own address. */
  readonly desk: Omit<Desk, "publicUrl" | "log" | "countRejected"> & { readonly publicUrl?: string | undefined };
  readonly upstream: Upstream;
  readonly redact: (text: string) => string;
  /** Other rooms' routes: dashboard, read API, hooks. */
  readonly more?: readonly Hono<{ Bindings: HttpBindings }>[];
  readonly log: Log;
}

export interface Door {
  readonly url: string;
  /** Absent when the port was taken. */
  readonly metricsUrl?: string;
  readonly metrics: Metrics;
  /** From now on `/readyz` says no, while everything is still served. */
  readonly drain: () => void;
  /** Takes no new connection, lets answers under way end for up to `graceMs`, then cuts them. */
  readonly close: (graceMs?: number) => Promise<void>;
}

const HEADERS_DEADLINE = 10_000;
const REQUEST_DEADLINE = 30_000;
const GRACE = 15_000;

export async function startDoor(deps: DoorDeps): Promise<Door> {
  const { host, log } = deps;
  const metrics = createMetrics();
  const server = createServer({
    headersTimeout: HEADERS_DEADLINE,
    requestTimeout: REQUEST_DEADLINE,
    // Node looks at the two deadlines above only that often.
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16 * 1024,
    keepAliveTimeout: 65_000,
  });
  const url = await listen(server, host, deps.port);
  let draining = false;
  const routes = new WeakMap<IncomingMessage, string>();
  const hears = webhookHandler({ ...deps.webhooks, count: countDelivery(metrics), log });
  const answers = getRequestListener(application(deps, { url, metrics, routes, isDraining: () => draining }).fetch, {
    overrideGlobalObjects: false,
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const stop = metrics.http.startTimer({ method: request.method ?? "" });
    const isDelivery = request.url?.split("?", 1)[0] === WEBHOOK_PATH;
    response.once("close", () =>
      stop({ route: isDelivery ? WEBHOOK_PATH : (routes.get(request) ?? "none"), status: String(response.statusCode) }),
    );
    void (isDelivery ? hears(request, response) : answers(request, response));
  });
  const measured = await startMetrics({ host, port: deps.metricsPort, registry: metrics.registry, log });

  return {
    url,
    ...(measured.url && { metricsUrl: measured.url }),
    metrics,
    drain: () => {
      draining = true;
    },
    close: async (graceMs = GRACE) => {
      draining = true;
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(cut);
      await measured.close();
    },
  };
}

interface Listening {
  readonly url: string;
  readonly metrics: Metrics;
  readonly routes: WeakMap<IncomingMessage, string>;
  readonly isDraining: () => boolean;
}

function application(deps: DoorDeps, { url, metrics, routes, isDraining }: Listening): Hono<{ Bindings: HttpBindings }> {
  const { log, upstream, redact } = deps;
  const desk: Desk = {
    ...deps.desk,
    publicUrl: deps.desk.publicUrl ?? url,
    countRejected: (type) => metrics.rejectedEvents.inc({ type }),
    log,
  };
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.onError((error, context) => {
    if (error instanceof Problem) return problemResponse(context, error);
    log.error({ err: error, path: context.req.path }, "a request failed");
    return problemResponse(context, new Problem(500, "Something went wrong here; the log says what."));
  });
  app.notFound((context) => problemResponse(context, new Problem(404, `There is nothing at ${context.req.path}.`)));
  app.use(async (context, next) => {
    await next();
    routes.set(context.env.incoming, routePath(context, -1));
    // Who is answered before all was read must not send the next request down the same connection.
    if (!context.env.incoming.complete) context.header("connection", "close");
  });
  app.route("/", healthRoutes(deps.checks, isDraining, log));
  app.route("/api/runs", runRoutes(desk, redact));
  app.route("/llm", gatewayRoutes({ desk, upstream, redact, metrics }));
  for (const more of deps.more ?? []) app.route("/", more);
  return app;
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${taken}`;
}
