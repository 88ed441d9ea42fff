import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { usdFor } from "../../../agents/runtime/prices.ts";
import type { RunRow } from "../../store/runs.ts";
import { bearerOf } from "../capability.ts";
import type { Metrics } from "../metrics.ts";
import { Problem } from "../problem.ts";
import type { Desk } from "../runs/desk.ts";
import { runOfCapability } from "../runs/look-up.ts";
import { budgetKeeper } from "./budget-keeper.ts";
import { readCall } from "./call.ts";
import { passingBy } from "./passing-by.ts";
import { callProvider, headersBack, isConfigured, type Upstream } from "./upstream.ts";
import { tokensOf } from "./usage.ts";

export type GatewayBindings = { Bindings: HttpBindings };
type GatewayContext = Context<GatewayBindings>;

export interface GatewayDeps {
  readonly desk: Desk;
  readonly upstream: Upstream;
  readonly redact: (text: string) => string;
  readonly metrics: Metrics;
}

/** A budget is asked before a call and counted after it, so calls side by side could overrun it; an agent needs one at a time. */
const MOST_AT_ONCE = 4;

/** `POST /llm/v1/messages`: Anthropic Messages with the run's bearer in place of the key. What streams in streams out, and is counted. */
export function messages({ desk, upstream, redact, metrics }: GatewayDeps) {
  const atOnce = new Map<string, number>();
  const requireBudget = budgetKeeper(desk);

  return async (context: GatewayContext): Promise<Response> => {
    const run = await runOfCapability(desk, bearerOf(context.req.header("authorization")));
    if (run.outcome !== null) throw new Problem(409, `The run ${run.runId} has finished: it needs no model.`);
    if (!isConfigured(upstream)) throw new Problem(503, "The app has no key for the model: set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN.");
    const body = Buffer.from(await context.req.arrayBuffer());
    const { model } = readCall(body);
    const leave = enter(run);
    try {
      await requireBudget(run);
      const answer = await callProvider(upstream, context.req.raw.headers, body, new URL(context.req.url).search).catch(
        (error: unknown) => {
          desk.log.warn({ err: error, run: run.runId }, "the model provider cannot be reached");
          throw new Problem(502, "The model provider cannot be reached now.", { "retry-after": "2" });
        },
      );
      metrics.modelCalls.inc({ model, status: String(answer.status) });
      if (answer.ok && answer.body) return counted(context, answer, answer.body, model, run, leave);
      leave();
      return new Response(redact(await answer.text()), { status: answer.status, headers: headersBack(answer) });
    } catch (error) {
      leave();
      throw error;
    }
  };

  function enter({ runId }: RunRow): () => void {
    const before = atOnce.get(runId) ?? 0;
    if (before >= MOST_AT_ONCE)
      throw new Problem(429, `The run ${runId} has ${before} calls under way: wait for one.`, { "retry-after": "1" });
    atOnce.set(runId, before + 1);
    return () => {
      const left = (atOnce.get(runId) ?? 1) - 1;
      if (left > 0) atOnce.set(runId, left);
      else atOnce.delete(runId);
    };
  }

  /**
   * One copy of the bytes goes to the run as they come, the other is read for its usage, to the end even if the run hangs up:
   * hanging up before the last figures would make output free. The run sees the end once the call is counted.
   */
  function counted(
    context: GatewayContext,
    answer: Response,
    body: ReadableStream<Uint8Array>,
    model: string,
    run: RunRow,
    leave: () => void,
  ): Response {
    const [toRun, toCount] = body.tee();
    const done = tokensOf(new Response(toCount, { headers: answer.headers }))
      .then(async ({ cacheWriteHour, ...tokens }) => {
        const usd = usdFor(model, { ...tokens, cacheWriteHour });
        metrics.modelUsd.inc({ model }, usd);
        await desk.store.addUsage(run.runId, { ...tokens, usd });
      })
      .catch((error: unknown) => desk.log.error({ err: error, run: run.runId }, "a model call could not be counted"))
      .finally(leave);
    const brokeOff = () => context.env.outgoing.destroy();
    return new Response(passingBy(toRun, { beforeEnd: done, brokeOff }), { status: answer.status, headers: headersBack(answer) });
  }
}
