/** The model provider's side: the only place that knows its key. */

export interface Upstream {
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly authToken?: string | undefined;
}

/** What a run may say in headers; its own credential and everything else stays here. */
const passedOn = ["anthropic-version", "anthropic-beta", "content-type", "accept"] as const;
/** What the provider may say back. */
const passedBack = ["content-type", "retry-after", "request-id"] as const;
/** A subscription's token is only taken with it. */
const OAUTH_BETA = "oauth-2025-04-20";

/** Throws when the provider cannot be reached; any answer, good or bad, is an answer. */
export function callProvider(upstream: Upstream, given: Headers, body: Buffer, query: string): Promise<Response> {
  const headers = new Headers({ "accept-encoding": "identity" });
  for (const name of passedOn) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  if (upstream.apiKey) headers.set("x-api-key", upstream.apiKey);
  if (upstream.authToken) {
    headers.set("authorization", `Bearer ${upstream.authToken}`);
    headers.append("anthropic-beta", OAUTH_BETA);
  }
  return fetch(`${upstream.baseUrl}/v1/messages${query}`, { method: "POST", headers, body: new Uint8Array(body), redirect: "error" });
}

export const isConfigured = ({ apiKey, authToken }: Upstream): boolean => Boolean(apiKey || authToken);

export function headersBack(response: Response): Headers {
  const headers = new Headers();
  for (const name of passedBack) {
    const value = response.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  for (const [name, value] of response.headers) if (name.startsWith("anthropic-ratelimit-")) headers.set(name, value);
  return headers;
}
