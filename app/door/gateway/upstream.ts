/** The model provider's side: the only place that knows its key. */
import { Problem } from "../problem.ts";

export interface Upstream {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** A subscription's token; an API key goes before it. */
  readonly authToken?: string | undefined;
}

/** What a run may say in headers; its own credential and everything else stays here. */
const passedOn = ["anthropic-version", "anthropic-beta", "content-type", "accept"] as const;
/** What the provider may say back. */
const passedBack = ["content-type", "retry-after", "request-id"] as const;
/** A subscription's token is only taken with it. */
const OAUTH_BETA = "oauth-2025-04-20";

export const secretOf = ({ apiKey, authToken }: Upstream): string | undefined => apiKey || authToken || undefined;

/** A request of a run: where it goes, its headers, its body. */
export interface Asked {
  readonly path: "/v1/messages" | "/v1/messages/count_tokens";
  /** With its question mark; empty: none. */
  readonly query: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Any answer, good or bad, is an answer; throws when the app has no key. Rejects when the provider cannot be reached. */
export function callProvider(upstream: Upstream, { path, query, headers, body }: Asked): Promise<Response> {
  const url = `${upstream.baseUrl}${path}${query}`;
  return fetch(url, { method: "POST", headers: headersOn(upstream, headers), body: new Uint8Array(body), redirect: "error" });
}

/** The app's own credential and what a run may say. */
function headersOn({ apiKey, authToken }: Upstream, given: Headers): Headers {
  const headers = new Headers({ "accept-encoding": "identity" });
  for (const name of passedOn) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (apiKey) headers.set("x-api-key", apiKey);
  else if (authToken) {
    headers.set("authorization", `Bearer ${authToken}`);
    if (!headers.get("anthropic-beta")?.includes(OAUTH_BETA)) headers.append("anthropic-beta", OAUTH_BETA);
  }
  return headers;
}

export function requireKey(upstream: Upstream): void {
  if (secretOf(upstream) === undefined)
    throw new Problem(503, "The app has no key for the model: set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN.");
}

/** What the run sees of the provider's headers, without a secret where one repeats it. */
export function headersBack(response: Response, redact: (text: string) => string): Headers {
  const headers = new Headers();
  for (const [name, value] of response.headers) {
    if ((passedBack as readonly string[]).includes(name) || name.startsWith("anthropic-ratelimit-")) headers.set(name, redact(value));
  }
  return headers;
}
