/** Who may read: bearers of `RIG_API_TOKENS`, or whoever sits at the machine itself. */
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import type { ApiToken } from "../config.ts";
import { bearerOf, nameOf, unknownBearer } from "../door/bearer.ts";

export type WebBindings = { Bindings: HttpBindings };
export type WebContext = Context<WebBindings>;

export const SESSION = "rig_session";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Programs get 401, browsers the sign-in page. */
export const signedIn =
  (tokens: readonly ApiToken[]): MiddlewareHandler<WebBindings> =>
  async (context, next) => {
    if (isLocal(context) || nameOf(tokenOf(context), tokens)) return next();
    if (context.req.method === "GET" && context.req.header("accept")?.includes("text/html")) return context.redirect("/login");
    throw unknownBearer();
  };

const tokenOf = (context: WebContext): string => bearerOf(context) || (getCookie(context, SESSION) ?? "");

/** Behind a proxy on the same machine everybody seems to come from loopback, and a web page elsewhere may have a name that points to it. */
function isLocal(context: WebContext): boolean {
  const forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => context.req.header(name) !== undefined);
  return !forwarded && LOOPBACK.test(context.env.incoming.socket.remoteAddress ?? "") && LOCAL_HOST.test(context.req.header("host") ?? "");
}
