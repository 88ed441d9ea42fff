/** Refusals of the API as RFC 9457 problem+json. Thrown anywhere below a route, answered in one place. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

export class Problem extends Error {
  readonly status: ContentfulStatusCode;
  readonly headers: Readonly<Record<string, string>>;
  /** `detail` names the thing, says what is wrong and what to do. */
  constructor(status: ContentfulStatusCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.headers = headers;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not authenticated",
  402: "Budget spent",
  403: "Not allowed",
  404: "Not found",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported media type",
  429: "Too many requests",
  502: "Upstream failed",
  503: "Unavailable",
};

export function problemResponse(context: Context, { status, message, headers }: Problem): Response {
  const body = { type: "about:blank", title: titles[status] ?? "Error", status, detail: message };
  return context.body(JSON.stringify(body), status, { "content-type": "application/problem+json", ...headers });
}
