/** The app's HTTP API as the verbs read it. */
import { z } from "zod";
import type { CliConfig } from "../config.ts";
import { Unreachable } from "./verb.ts";

/** Longer than the app takes for its slowest page, shorter than a person waits. */
const ANSWER_MS = 15_000;

/** The API knows what was asked for, and says no: the detail is its own sentence. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

const Problem = z.looseObject({ detail: z.string() });

/** Reads `path` below `/api`. What the schema does not name is handed on as it came. */
export async function readApi<S extends z.ZodType>(config: CliConfig, path: string, Shape: S): Promise<z.infer<S>> {
  return parsed(config, path, Shape, await asked(config, `/api${path}`));
}

/** Sends `body` below `/api`, and waits as long as told: what is asked may take the app its time. */
export async function postApi<S extends z.ZodType>(
  config: CliConfig,
  path: string,
  body: object,
  Shape: S,
  answerMs: number,
): Promise<z.infer<S>> {
  return parsed(config, path, Shape, await asked(config, `/api${path}`, { body: JSON.stringify(body), answerMs }));
}

/** Every page of a list, one after the other. */
export async function* readPages<S extends z.ZodType>(config: CliConfig, path: string, Row: S): AsyncGenerator<readonly z.infer<S>[]> {
  for (let next: string | undefined = `/api${path}`; next; ) {
    const response: Response = await asked(config, next);
    yield await parsed(config, path, z.array(Row), response);
    next = nextOf(config, response);
  }
}

interface Sent {
  readonly body: string;
  readonly answerMs: number;
}

async function asked({ url, token }: CliConfig, path: string, sent?: Sent): Promise<Response> {
  const headers = {
    accept: "application/json",
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(sent ? { "content-type": "application/json" } : {}),
  };
  const answerMs = sent?.answerMs ?? ANSWER_MS;
  let response: Response;
  try {
    // A redirect could carry the token elsewhere.
    response = await fetch(url + path, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(answerMs),
      ...(sent ? { method: "POST", body: sent.body } : {}),
    });
  } catch (error) {
    throw new Unreachable(`The app at ${url} does not answer (${reasonOf(error, answerMs)}): start it, or set RIG_URL to where it runs.`);
  }
  if (response.ok) return response;
  const detail = Problem.safeParse(await response.json().catch(() => undefined)).data?.detail;
  if (response.status === 401 || response.status === 403)
    throw new Unreachable(
      `The app at ${url} does not let us in: set RIG_TOKEN, or RIG_TOKEN_FILE, to a token whose SHA-256 is in its RIG_API_TOKENS.`,
    );
  if (response.status >= 400 && response.status < 500 && detail) throw new Refused(response.status, detail);
  throw new Unreachable(
    `${url}${path} answered ${response.status}${detail ? ` (${detail})` : ""}: see in ${url}/readyz what is wrong, and that RIG_URL leads to the Rig.`,
  );
}

async function parsed<S extends z.ZodType>(config: CliConfig, path: string, Shape: S, response: Response): Promise<z.infer<S>> {
  const body: unknown = await response.json().catch(() => undefined);
  const { success, data, error } = Shape.safeParse(body);
  if (success) return data;
  const issue = error.issues[0];
  throw new Unreachable(
    `What ${config.url} answers to /api${path} is not the Rig's (${issue?.path.join(".") || "the body"}: ${issue?.message}): see that RIG_URL leads to a Rig of this version.`,
  );
}

/** Where the next page is; never another host than the one we were told. */
function nextOf({ url }: CliConfig, response: Response): string | undefined {
  const [, link] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get("link") ?? "") ?? [];
  if (!link) return undefined;
  const { pathname, search } = new URL(link, url);
  return pathname + search;
}

/** `ECONNREFUSED` and the like, which fetch hides in the cause. */
function reasonOf(error: unknown, answerMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${answerMs / 1000} seconds`;
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error.message;
}
