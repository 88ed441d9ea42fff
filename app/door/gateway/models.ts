import { knownModels, priceOf } from "../../../agents/runtime/prices.ts";
import { bearerOf } from "../capability.ts";
import { runAtWork } from "./bearer.ts";
import type { GatewayContext, GatewayDeps } from "./messages.ts";

/** `GET /llm/v1/models`: what a run may name, with its list price in US dollars per million tokens. The shape is the Anthropic API's. */
export const models =
  ({ desk }: Pick<GatewayDeps, "desk">) =>
  async (context: GatewayContext): Promise<Response> => {
    await runAtWork(desk, bearerOf(context.req.header("authorization")));
    const data = knownModels.map((id) => {
      const { input, output, cacheRead, longPrompt } = priceOf(id);
      return { type: "model", id, display_name: id, price: { input, output, cacheRead, ...(longPrompt && { longPrompt }) } };
    });
    return context.json({ data, has_more: false, first_id: knownModels[0], last_id: knownModels.at(-1) });
  };
