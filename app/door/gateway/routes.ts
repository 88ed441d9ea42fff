import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "../problem.ts";
import { type GatewayBindings, type GatewayDeps, messages } from "./messages.ts";

const LARGEST = 8 * 1024 * 1024;

/** The model gateway, as the Anthropic SDK's `baseURL`. */
export const gatewayRoutes = (deps: GatewayDeps): Hono<GatewayBindings> =>
  new Hono<GatewayBindings>().post(
    "/v1/messages",
    bodyLimit({
      maxSize: LARGEST,
      onError: () => {
        throw new Problem(413, "The request is larger than 8 MiB.");
      },
    }),
    messages(deps),
  );
