import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { usdFor } from "../../../agents/runtime/prices.ts";
import type { RunRow } from "../../store/runs.ts";
import { bearerOf } from "../capability.ts";
import type { Metrics } from "../metrics.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "../runs/desk.ts";
import { runAtWork, whileAtWork } from "./bearer.ts";
import { budgetKeeper } from "./budget-keeper.ts";
import { readCall, shortened } from "./call.ts";
import { masking } from "./masking.ts";
import { passingBy } from "./passing-by.ts";
import { worstOf } from "./room.ts";
import { callsUnderWay } from "./under-way.ts";
import { type Asked, callProvider, headersBack, requireKey, secretOf, type Upstream } from "./upstream.ts";
import { tokensOf } from "./usage.ts";

export type GatewayBindings = { Bindings: HttpBindings };
export type GatewayContext = Context<GatewayBindings>;

export interface GatewayDeps {
  readonly desk: Desk;
  readonly upstream: Upstream;
  readonly redact: (text: string) => string;
  readonly metrics: Metrics;
}

/** Calls side by side share what a budget leaves; an agent needs one at a time. */
const MOST_AT_ONCE = 4;

/** `POST /llm/v1/messages`: Anthropic Messages with the run's bearer in place of the key. What streams in streams out, and is counted. */
export function messages(deps: GatewayDeps) {
  const { desk, upstream, metrics } = deps;
  const underWay = callsUnderWay();
  const keepBudget = budgetKeeper(desk, underWay);

  return async (context: GatewayContext): Promise<Response> => {
    const capability = bearerOf(context.req.header("authorization"));
    const run = await runAtWork(desk, capability);
    requireKey(upstream);
    const body = Buffer.from(await context.req.arrayBuffer());
    const call = readCall(body);
    const before = underWay.ofRun(run.runId);
    if (before >= MOST_AT_ONCE)
      throw new Problem(429, `The run ${run.runId} has ${before} calls under way: wait for one.`, { "retry-after": "1" });
    const { holds, end } = underWay.begin(run);
    try {
      const longest = await keepBudget(run, call);
      holds(worstOf(call, longest));
      const answer = await ask(deps, run, askedIn(context, "/v1/messages", longest < call.maxTokens ? shortened(body, longest) : body));
      metrics.modelCalls.inc({ model: call.model, status: String(answer.status) });
      if (!answer.ok || !answer.body) return await refusal(deps, answer).finally(end);
      return counted(context, answer, answer.body, { ...deps, model: call.model, run, capability, end });
    } catch (error) {
      end();
      throw error;
    }
  };
}

/** The run's request as it goes on to the provider. */
export const askedIn = (context: GatewayContext, path: Asked["path"], body: Buffer): Asked => ({
  ...{ path, body, query: new URL(context.req.url).search },
  headers: context.req.raw.headers,
});

/** The provider's answer; 502 when it cannot be reached. */
export async function ask({ desk, upstream }: GatewayDeps, { runId }: RunRow, asked: Asked): Promise<Response> {
  const answer = await callProvider(upstream, asked).catch((error: unknown) => {
    desk.log.warn({ err: error, run: runId }, "the model provider cannot be reached");
    throw new Problem(502, "The model provider cannot be reached now.", { "retry-after": "2" });
  });
  if ([401, 402, 403].includes(answer.status))
    desk.log.error(
      { status: answer.status, run: runId },
      "the model provider refuses the app's key: look at ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN",
    );
  return answer;
}

/** An answer as it is, with its status, its kind and when to try again, but never with a secret. */
export const refusal = async ({ redact }: Pick<GatewayDeps, "redact">, answer: Response): Promise<Response> =>
  new Response(redact(await answer.text()), { status: answer.status, headers: headersBack(answer, redact) });

interface Counting extends GatewayDeps {
  readonly model: string;
  readonly run: RunRow;
  readonly capability: string;
  /** Called when the call is over and counted. */
  readonly end: () => void;
}

/**
 * One copy of the bytes goes to the run as they come, the other is read for its usage, to the end even if the run hangs up or is cut off:
 * hanging up before the last figures would make output free. The run sees the end once the call is counted.
 */
function counted(context: GatewayContext, answer: Response, body: ReadableStream<Uint8Array>, counting: Counting): Response {
  const { desk, upstream, redact, metrics, model, run, capability, end } = counting;
  const [toRun, toCount] = body.tee();
  const cut = () => context.env.outgoing.destroy();
  const watch = whileAtWork(desk, capability, cut);
  const done = tokensOf(new Response(toCount, { headers: answer.headers }))
    .then(async ({ cacheWriteHour, ...tokens }) => {
      const usd = usdFor(model, { ...tokens, cacheWriteHour });
      metrics.modelUsd.inc({ model }, usd);
      await desk.store.addUsage(run.runId, { ...tokens, usd });
    })
    .catch((error: unknown) => desk.log.error({ err: error, run: run.runId }, "a model call could not be counted"))
    .finally(() => {
      watch.end();
      end();
    });
  const headers = headersBack(answer, redact);
  // Said beforehand, or the server waits a moment for the end, to tell the length instead.
  headers.set("transfer-encoding", "chunked");
  const shown = toRun.pipeThrough(masking(secretOf(upstream) ?? ""));
  return new Response(passingBy(shown, { beforeEnd: done, brokeOff: cut }), { status: answer.status, headers });
}
