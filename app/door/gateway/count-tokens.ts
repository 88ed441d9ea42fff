import { bearerOf } from "../capability.ts";
import { runAtWork } from "./bearer.ts";
import { readCount } from "./call.ts";
import { ask, askedIn, type GatewayContext, type GatewayDeps, refusal } from "./messages.ts";
import { requireKey } from "./upstream.ts";

/** `POST /llm/v1/messages/count_tokens`: how long a prompt is. It costs nothing, so no budget is asked. */
export const countTokens =
  (deps: GatewayDeps) =>
  async (context: GatewayContext): Promise<Response> => {
    const run = await runAtWork(deps.desk, bearerOf(context.req.header("authorization")));
    requireKey(deps.upstream);
    const body = Buffer.from(await context.req.arrayBuffer());
    readCount(body);
    return refusal(deps, await ask(deps, run, askedIn(context, "/v1/messages/count_tokens", body)));
  };
