/** What the hooks of monitoring have in common: bounded bodies of JSON, and 2xx only for what is stored. */
import type { HttpBindings } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "zod";
import type { ApiToken } from "../../config.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import { Problem } from "../problem.ts";
import { within } from "../within.ts";

export type HookBindings = { Bindings: HttpBindings };

export interface HookDeps {
  readonly store: Pick<Store, "repositories" | "firingSignals" | "saveSignals" | "saveFluxReport" | "issuesInState">;
  readonly tokens: readonly ApiToken[];
  /** Unset: Flux is not heard. */
  readonly fluxSecret: string | undefined;
  readonly redact: (text: string) => string;
  readonly log: Log;
  readonly now: () => Date;
}

const LARGEST = 1024 * 1024;
/** Alertmanager waits ten seconds at least. */
const STORED_WITHIN_MS = 8_000;
/** Bodies being read or stored at once. */
const MOST_AT_ONCE = 32;
const SOON = { "retry-after": "5" } as const;

/** A POST of JSON whose sender `mayPass` before its body is read. */
export function hook(path: string, mayPass: MiddlewareHandler<HookBindings>, handle: MiddlewareHandler<HookBindings>): Hono<HookBindings> {
  let atOnce = 0;
  const bounded: MiddlewareHandler = async (_, next) => {
    if (atOnce >= MOST_AT_ONCE) throw new Problem(503, "Too much is being told at once: send it again.", SOON);
    atOnce += 1;
    try {
      await next();
    } finally {
      atOnce -= 1;
    }
  };
  const routes = new Hono<HookBindings>();
  routes.post(path, mayPass, onlyJson, bounded, notTooLarge, handle);
  routes.all(path, () => {
    throw new Problem(405, "Send POST.", { allow: "POST" });
  });
  return routes;
}

const onlyJson: MiddlewareHandler = async ({ req }, next) => {
  if (!/^application\/json\b/i.test(req.header("content-type") ?? "")) throw new Problem(415, "Send application/json.");
  if (req.header("content-encoding")) throw new Problem(415, "Send the body without a Content-Encoding.");
  await next();
};

const notTooLarge = bodyLimit({
  maxSize: LARGEST,
  onError: () => {
    throw new Problem(413, "The body is larger than 1 MiB: send fewer at once.");
  },
});

/** The body as it has to be, or a 400 that names what is wrong with it. */
export function bodyAs<S extends z.ZodType>(schema: S, bytes: Buffer): z.infer<S> {
  const read = schema.safeParse(json(bytes));
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0] ?? { path: [], message: "is not as it has to be" };
  const field = path.map(String).join(".").slice(0, 100);
  throw new Problem(400, `${field ? `The field ${field}` : "The body"} ${message}.`);
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Problem(400, "The body is not JSON.");
  }
}

/** What is not stored for certain is refused, so that it is sent again. */
export async function stored<T>({ log }: HookDeps, promise: Promise<T>): Promise<T> {
  try {
    return await within(STORED_WITHIN_MS, promise);
  } catch (error) {
    log.error({ err: error }, "what monitoring tells could not be stored");
    throw new Problem(503, "It was not stored: send it again.", SOON);
  }
}
