import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "../problem.ts";
import { countTokens } from "./count-tokens.ts";
import { type GatewayBindings, type GatewayDeps, messages } from "./messages.ts";
import { models } from "./models.ts";

const LARGEST = 8 * 1024 * 1024;

const limited = bodyLimit({
  maxSize: LARGEST,
  onError: () => {
    throw new Problem(413, "The request is larger than 8 MiB.");
  },
});

/** The model gateway, as the Anthropic SDK's `baseURL`. */
export const gatewayRoutes = (deps: GatewayDeps): Hono<GatewayBindings> =>
  new Hono<GatewayBindings>()
    .post("/v1/messages", limited, messages(deps))
    .post("/v1/messages/count_tokens", limited, countTokens(deps))
    .get("/v1/models", models(deps));
