/** Talking to the Conductor: JSON over HTTP with a bearer, patient with a restart. */
import { messageOf } from "./errors.ts";
import { withPatience } from "./patience.ts";

/** The Conductor said no. `status` tells which no: 401, 403, 404, 409 (fenced or claimed), 5xx after all patience. */
export class ConductorError extends Error {
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.name = "ConductorError";
    this.status = status;
  }
}

export interface Post {
  readonly url: string;
  readonly bearer: string;
  readonly body: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
}

const PATIENCE = 60_000;
const ONE_ANSWER = 15_000;

/** Answers the parsed JSON. Network errors, 429 and 5xx are tried again for a minute; anything else throws `ConductorError`. */
export async function postJson({ url, bearer, body, signal, patienceMs = PATIENCE }: Post): Promise<unknown> {
  return withPatience(() => postOnce(url, bearer, JSON.stringify(body), signal), { forMs: patienceMs, isTransient, signal });
}

async function postOnce(url: string, bearer: string, body: string, signal?: AbortSignal): Promise<unknown> {
  const patience = AbortSignal.timeout(ONE_ANSWER);
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", accept: "application/json" },
    body,
    redirect: "error",
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  }).catch((error: Error) => {
    throw new ConductorError(`The Conductor at ${new URL(url).origin} cannot be reached: ${reason(error)}.`);
  });
  const text = await response.text().catch((error: Error) => {
    throw new ConductorError(`The Conductor at ${new URL(url).origin} broke off its answer: ${reason(error)}.`);
  });
  if (!response.ok)
    throw new ConductorError(`The Conductor answered ${response.status} to ${new URL(url).pathname}: ${problem(text)}`, response.status);
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    throw new ConductorError(`The Conductor answered ${response.status} to ${new URL(url).pathname}, but not with JSON.`, response.status);
  }
}

const isTransient = (error: unknown) =>
  error instanceof ConductorError && (error.status === undefined || error.status === 429 || error.status >= 500);

const reason = (error: Error) => (error.cause === undefined ? error.message : messageOf(error.cause) || String(error.cause));

/** The sentence of a problem+json body, or its start. */
function problem(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) {
      for (const key of ["detail", "error", "title", "message"]) {
        if (key in body && typeof body[key as keyof typeof body] === "string") return body[key as keyof typeof body];
      }
    }
  } catch {
    // Not JSON: its text is the best there is.
  }
  return text.trim().slice(0, 300) || "no reason given";
}
