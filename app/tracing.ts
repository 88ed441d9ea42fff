/** Traces for whoever wants them (OTEL_EXPORTER_OTLP_ENDPOINT): a span for each job, and in it one for each call to GitHub. Without, a span costs nothing. */
import { type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import type { TaskList } from "graphile-worker";

/** What names a job's subject. Nothing else of a payload goes out: it may hold people's words. */
const named = ["stream", "repositoryId", "guid", "key", "fingerprint", "milestone", "commentId"] as const;

/** Sends spans to a collector from now on, by OTLP over HTTP. `endpoint` is its base URL; `stop` sends what is left, for a few seconds at most. */
export async function startTracing(endpoint: string | undefined): Promise<{ readonly stop: () => Promise<void> }> {
  if (endpoint === undefined) return { stop: async () => {} };
  // Only whoever wants traces waits for the libraries to load.
  const [{ OTLPTraceExporter }, { resourceFromAttributes }, { BatchSpanProcessor, NodeTracerProvider }] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/sdk-trace-node"),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces`, timeoutMillis: 5_000 });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "engineering-rig" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return {
    stop: async () => {
      // A collector that is away does not keep the program.
      await provider.shutdown().catch(() => {});
      trace.disable();
    },
  };
}

/** Does the work in a span of this name; an error ends the span as failed, and goes on. */
export const inSpan = <T>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: (span: Span) => Promise<T>,
): Promise<T> =>
  trace.getTracer("engineering-rig").startActiveSpan(name, { attributes: { ...attributes } }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // Its name alone: a message may quote what somebody wrote.
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "unknown" });
      throw error;
    } finally {
      span.end();
    }
  });

/** The same tasks, each in a span. */
export const traced = (tasks: TaskList): TaskList =>
  Object.fromEntries(
    Object.entries(tasks).flatMap(([name, task]) =>
      task ? [[name, (payload, helpers) => inSpan(`job ${name}`, subjectOf(payload), async () => task(payload, helpers))] as const] : [],
    ),
  ) as TaskList;

function subjectOf(payload: unknown): Readonly<Record<string, string | number>> {
  const told = (typeof payload === "object" && payload !== null ? payload : {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    named.flatMap((name) => {
      const value = told[name];
      return typeof value === "string" || typeof value === "number" ? [[`rig.${name}`, value] as const] : [];
    }),
  );
}
