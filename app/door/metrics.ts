import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { Log } from "../log.ts";
import type { DeliveryResult } from "./webhooks.ts";

export type Metrics = ReturnType<typeof createMetrics>;

/** What the door counts. Other rooms register theirs with the same registry. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    deliveries: new Counter<"result">({
      name: "rig_deliveries_total",
      help: "Webhook deliveries by how they ended.",
      labelNames: ["result"],
      registers,
    }),
    http: new Histogram<"method" | "route" | "status">({
      name: "rig_http_request_duration_seconds",
      help: "Time from a request's head to the end of its answer.",
      labelNames: ["method", "route", "status"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
      registers,
    }),
    rejectedEvents: new Counter<"type">({
      name: "rig_rejected_events_total",
      help: "Events from outside that an issue could not take, by type.",
      labelNames: ["type"],
      registers,
    }),
    modelCalls: new Counter<"model" | "status">({
      name: "rig_model_calls_total",
      help: "Calls through the model gateway.",
      labelNames: ["model", "status"],
      registers,
    }),
    modelUsd: new Counter<"model">({
      name: "rig_model_usd_total",
      help: "Dollars at list price, by model.",
      labelNames: ["model"],
      registers,
    }),
  };
}

export const countDelivery = (metrics: Metrics) => (result: DeliveryResult) => metrics.deliveries.inc({ result });

/** `GET /metrics` on a port of its own. A taken port costs the metrics, not the app. */
export async function startMetrics({
  host,
  port,
  registry,
  log,
}: {
  host: string;
  port: number;
  registry: Registry;
  log: Log;
}): Promise<{ url?: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    if (request.url !== "/metrics") return response.writeHead(404).end();
    const text = await registry.metrics().catch((error: unknown) => {
      log.error({ err: error }, "the metrics could not be collected");
      return undefined;
    });
    response.writeHead(text === undefined ? 500 : 200, { "content-type": registry.contentType }).end(text);
  });
  const failed = await new Promise<Error | undefined>((resolve) => {
    server.once("error", resolve).listen(port, host, () => resolve(undefined));
  });
  if (failed) {
    log.warn(
      `There are no metrics: port ${port} cannot be used (${failed.message}). Set METRICS_PORT to another one, or to 0 for a free one.`,
    );
    return { close: async () => {} };
  }
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${taken}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
