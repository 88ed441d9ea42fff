/** Talking to the Conductor: HTTP with a bearer, patient with a restart. */
import { messageOf } from "./errors.ts";
import { withPatience } from "./patience.ts";

/** The Conductor said no. `status` tells which no: 401, 403, 404, 409 (fenced or claimed), 413, 5xx after all patience. */
export class ConductorError extends Error {
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.name = "ConductorError";
    this.status = status;
  }
}

export interface Call {
  readonly url: string;
  readonly bearer: string;
  readonly signal?: AbortSignal | undefined;
  /** How long to go on trying, in milliseconds; a minute unless told. */
  readonly patienceMs?: number;
}

export interface Post extends Call {
  readonly body: unknown;
}

export interface Upload extends Call {
  readonly bytes: Buffer;
}

const PATIENCE = 60_000;
const ONE_ANSWER = 15_000;
const ONE_TRANSFER = 60_000;

const JSON_TYPE = "application/json";
const BYTES_TYPE = "application/octet-stream";

/** Answers the parsed JSON. Network errors, 429 and 5xx are tried again for a while; anything else throws `ConductorError`. */
export const postJson = async ({ body, ...call }: Post): Promise<unknown> =>
  parsed(call, await patiently(call, { method: "POST", body: JSON.stringify(body), type: JSON_TYPE, answerMs: ONE_ANSWER }));

/** The same with bytes for a body. */
export const postBytes = async ({ bytes, ...call }: Upload): Promise<unknown> =>
  parsed(call, await patiently(call, { method: "POST", body: new Uint8Array(bytes), type: BYTES_TYPE, answerMs: ONE_TRANSFER }));

/** Fetches bytes. */
export const getBytes = (call: Call): Promise<Buffer> => patiently(call, { method: "GET", answerMs: ONE_TRANSFER });

interface Request {
  readonly method: "GET" | "POST";
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  readonly answerMs: number;
}

const patiently = (call: Call, request: Request): Promise<Buffer> =>
  withPatience(() => once(call, request), { forMs: call.patienceMs ?? PATIENCE, isTransient, signal: call.signal });

async function once({ url, bearer, signal }: Call, { method, body, type, answerMs }: Request): Promise<Buffer> {
  const { origin, pathname } = new URL(url);
  const patience = AbortSignal.timeout(answerMs);
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${bearer}`, accept: type ?? BYTES_TYPE, ...(type ? { "content-type": type } : {}) },
    ...(body === undefined ? {} : { body }),
    redirect: "error",
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  }).catch((error: Error) => {
    throw new ConductorError(`The Conductor at ${origin} cannot be reached: ${reason(error)}.`);
  });
  const answer = await response.arrayBuffer().then(Buffer.from, (error: Error) => {
    throw new ConductorError(`The Conductor at ${origin} broke off its answer: ${reason(error)}.`);
  });
  if (!response.ok)
    throw new ConductorError(`The Conductor answered ${response.status} to ${pathname}: ${problem(answer.toString())}`, response.status);
  return answer;
}

function parsed({ url }: Call, answer: Buffer): unknown {
  try {
    return answer.length === 0 ? {} : JSON.parse(answer.toString());
  } catch {
    throw new ConductorError(`The Conductor answered ${new URL(url).pathname}, but not with JSON.`);
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
