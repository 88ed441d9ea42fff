import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { channelMessages, type Message } from "./discord-channels.ts";
import { carelessCalls, problemsOf } from "./discord-limits.ts";

export interface DiscordFaults {
  /** So many of the next requests are answered 429. */
  rateLimited: number;
  /** Every request is answered 503: an outage. */
  down: boolean;
  /** No request is answered at all, until this ends. */
  hangs: boolean;
  /** So many of the next requests are carried out and answered 500. */
  answersLost: number;
  /** Status by channel's or webhook's id: it is closed to us (401, 403, 404), or broken (500). */
  readonly refused: Map<string, 401 | 403 | 404 | 500>;
}

export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  readonly body: Body;
  readonly status: number;
}

const said = {
  401: { message: "401: Unauthorized", code: 0 },
  403: { message: "Missing Access", code: 50001 },
  404: { message: "Unknown Channel", code: 10003 },
  500: { message: "500: Internal Server Error", code: 0 },
} as const;

type Body = Readonly<Record<string, unknown>>;
interface Environment {
  readonly Variables: { body: Body };
}

/** The stand-in of Discord's REST API, as `new REST({ api: apiUrl })` and webhooks use it: strict about limits and mentions. */
export async function startDiscord({
  botToken = "bot-token",
  now = Date.now,
}: {
  readonly botToken?: string;
  readonly now?: () => number;
} = {}) {
  const channels = channelMessages(now);
  const log: LoggedCall[] = [];
  const violations: string[] = [];
  const faults: DiscordFaults = { rateLimited: 0, down: false, hangs: false, answersLost: 0, refused: new Map() };
  const app = new Hono<Environment>();
  let open = true;

  app.use(async (c, next) => {
    const body = await bodyOf(c);
    c.set("body", body);
    const isGone = () => !open || c.req.raw.signal.aborted;
    while (faults.hangs && !isGone()) await pause(5);
    // Who hung up asked for nothing.
    const refused = isGone() ? c.json(said[500], 500) : refusal(c, body);
    if (refused) c.res = refused;
    else await next();
    if (!refused && faults.answersLost > 0) {
      faults.answersLost -= 1;
      c.res = c.json({ message: "500: Internal Server Error", code: 0 }, 500);
    }
    log.push({ method: c.req.method, path: c.req.path, body, status: c.res.status });
    return c.res;
  });

  function refusal(c: Context<Environment>, body: Body): Response | undefined {
    if (faults.down) return c.json({ message: "503: Service Unavailable", code: 0 }, 503);
    if (faults.rateLimited > 0) {
      faults.rateLimited -= 1;
      const headers = { "retry-after": "0.05", "x-ratelimit-scope": "user", "x-ratelimit-reset-after": "0.05" };
      return c.json({ message: "You are being rate limited.", retry_after: 0.05, global: false }, 429, headers);
    }
    const [, , kind, place = "", ...rest] = c.req.path.split("/");
    const status = faults.refused.get(place);
    if (status) return c.json(said[status], status);
    if (kind === "channels" && rest[1] && !/^\d+$/.test(rest[1])) return c.json({ message: "Invalid Form Body", code: 50035 }, 400);
    const isWebhook = c.req.path.includes("/webhooks/");
    if (!isWebhook && c.req.header("authorization") !== `Bot ${botToken}`) return c.json({ message: "401: Unauthorized", code: 0 }, 401);
    if (!["POST", "PATCH"].includes(c.req.method)) return undefined;
    const problems = problemsOf(body);
    if (problems.length === 0) {
      violations.push(...carelessCalls(body).map((call) => `${c.req.method} ${c.req.path} ${call}.`));
      return undefined;
    }
    violations.push(...problems.map((problem) => `${c.req.method} ${c.req.path}: ${problem}`));
    return c.json({ message: "Invalid Form Body", code: 50035, errors: { problems } }, 400);
  }

  const shown = (c: Context<Environment>, message: Message | undefined) =>
    message ? c.json(message) : c.json({ message: "Unknown Message", code: 10008 }, 404);
  const body = (c: Context<Environment>) => c.get("body");

  app.post("/v10/channels/:channel/messages", (c) => c.json(channels.create(c.req.param("channel"), body(c))));
  app.get("/v10/channels/:channel/messages", (c) =>
    c.json(
      channels
        .list(c.req.param("channel"))
        .toReversed()
        .slice(0, Number(c.req.query("limit") ?? 50)),
    ),
  );
  app.get("/v10/channels/:channel/messages/:id", (c) => shown(c, channels.find(c.req.param("channel"), c.req.param("id"))));
  app.patch("/v10/channels/:channel/messages/:id", (c) => shown(c, channels.edit(c.req.param("channel"), c.req.param("id"), body(c))));
  app.delete("/v10/channels/:channel/messages/:id", (c) =>
    channels.remove(c.req.param("channel"), c.req.param("id")) ? c.body(null, 204) : shown(c, undefined),
  );
  app.post("/v10/webhooks/:id/:token", (c) => {
    const { nonce: _, ...unknowing } = body(c);
    const message = channels.create(c.req.param("id"), unknowing);
    return c.req.query("wait") === "true" ? c.json(message) : c.body(null, 204);
  });
  app.patch("/v10/webhooks/:id/:token/messages/:message", (c) =>
    shown(c, channels.edit(c.req.param("id"), c.req.param("message"), body(c))),
  );
  app.delete("/v10/webhooks/:id/:token/messages/:message", (c) =>
    channels.remove(c.req.param("id"), c.req.param("message")) ? c.body(null, 204) : shown(c, undefined),
  );

  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => (server.listening ? resolve() : server.once("listening", () => resolve())));
  return {
    /** For `new REST({ api: apiUrl })`; a webhook's address is `${apiUrl}/v10/webhooks/ID/TOKEN`. */
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What stands in a channel (or was said through a webhook, under its id), oldest first. */
    messages: channels.list,
    /** Every request that was answered, in order. */
    log: log as readonly LoggedCall[],
    /** What Discord would refuse, or would let call people nobody meant to call. */
    violations: violations as readonly string[],
    faults,
    close: () => {
      open = false;
      return new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
    },
  };
}

async function bodyOf(c: Context<Environment>): Promise<Body> {
  const text = await c.req.text();
  const body: unknown = text === "" ? {} : JSON.parse(text);
  return typeof body === "object" && body !== null ? (body as Body) : {};
}
