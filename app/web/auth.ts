/** Who may read: bearers of `RIG_API_TOKENS`, or whoever sits at the machine itself. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import type { ApiToken } from "../config.ts";
import { Problem } from "../door/problem.ts";

export type WebBindings = { Bindings: HttpBindings };
export type WebContext = Context<WebBindings>;

export const SESSION = "rig_session";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Whose token it is, if anybody's. */
export function nameOf(token: string, tokens: readonly ApiToken[]): string | undefined {
  const given = createHash("sha256").update(token).digest();
  return tokens.find(({ sha256 }) => timingSafeEqual(given, Buffer.from(sha256, "hex")))?.name;
}

/** Programs get 401, browsers the sign-in page. */
export const signedIn =
  (tokens: readonly ApiToken[]): MiddlewareHandler<WebBindings> =>
  async (context, next) => {
    if (isLocal(context) || nameOf(tokenOf(context), tokens)) return next();
    if (context.req.method === "GET" && context.req.header("accept")?.includes("text/html")) return context.redirect("/login");
    throw unknown();
  };

/** Who speaks: by a bearer and nothing else, so that no page in a browser on this machine can speak for anybody. */
export function speakerOf(context: WebContext, tokens: readonly ApiToken[]): string {
  const name = nameOf(bearerOf(context), tokens);
  if (name) return name;
  throw unknown();
}

const unknown = () =>
  new Problem(401, "Send one of the tokens of RIG_API_TOKENS as Authorization: Bearer.", { "www-authenticate": "Bearer" });

const bearerOf = (context: WebContext): string => context.req.header("authorization")?.match(/^Bearer (\S+)$/i)?.[1] ?? "";

const tokenOf = (context: WebContext): string => bearerOf(context) || (getCookie(context, SESSION) ?? "");

/** Behind a proxy on the same machine everybody seems to come from loopback, and a web page elsewhere may have a name that points to it. */
function isLocal(context: WebContext): boolean {
  const forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => context.req.header(name) !== undefined);
  return !forwarded && LOOPBACK.test(context.env.incoming.socket.remoteAddress ?? "") && LOCAL_HOST.test(context.req.header("host") ?? "");
}
