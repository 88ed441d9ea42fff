/** Calls the API, and finds fault with every answer that its own description does not have. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OpenAPIBackend } from "openapi-backend";
import { newAjv } from "../world/github/contract/kept-validators.ts";

type Definition = ConstructorParameters<typeof OpenAPIBackend>[0]["definition"];

const file = join(import.meta.dirname, "../../docs/openapi.json");

/** The description as a client reads it. */
export async function openContract() {
  const document = JSON.parse(readFileSync(file, "utf8"));
  const backend = new OpenAPIBackend({
    definition: inThreeZero(document),
    apiRoot: "/api",
    strict: true,
    ajvOpts: { validateFormats: false },
  });
  await backend.init();
  const ajv = newAjv({ strict: false, validateFormats: false, allErrors: true }).addSchema({ $id: "api", ...document });
  const pointer = (...keys: readonly string[]) =>
    keys.map((key) => `/${encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

  return {
    operations: backend.getOperations(),
    /** What an answer has that its description does not, in sentences. */
    faults(method: string, url: string, { status, headers }: Response, body: unknown): readonly string[] {
      const { pathname, searchParams } = new URL(url);
      const operation = backend.matchOperation({ method, path: pathname, query: Object.fromEntries(searchParams), headers: {} });
      if (!operation) return [`${method} ${pathname} is not described`];
      const answer = document.paths[operation.path][operation.method].responses[status];
      if (!answer) return [`${operation.operationId} never answers ${status}`];
      if (status === 204) return body === undefined ? [] : [`${operation.operationId} has a body with its 204`];
      const type = headers.get("content-type")?.split(";", 1)[0] ?? "";
      if (!answer.content[type]) return [`${operation.operationId} never answers ${status} as ${type}`];
      const $ref = `api#${pointer("paths", operation.path, operation.method, "responses", String(status), "content", type, "schema")}`;
      const validate = ajv.compile({ $ref });
      validate(body);
      return (validate.errors ?? []).map(({ instancePath, message }) => `${operation.operationId} ${status} ${instancePath} ${message}`);
    },
  };
}

/** openapi-backend judges documents by OpenAPI 3.0, where null is written in another way. */
const inThreeZero = (document: object): Definition =>
  JSON.parse(JSON.stringify({ ...document, openapi: "3.0.3" }), (_, value) =>
    Array.isArray(value?.type) ? { ...value, type: value.type.find((name: string) => name !== "null"), nullable: true } : value,
  );

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
  /** Path and query of the next page. */
  readonly next: string | undefined;
}

/** One field of every row of an answer. */
export const column = (body: unknown, name: string): readonly unknown[] =>
  (body as readonly Readonly<Record<string, unknown>>[]).map((row) => row[name]);

export type Ask = (path: string, init?: RequestInit) => Promise<Answered>;

/** Every answer is held against the description. */
export async function openApi(url: () => string): Promise<Ask> {
  const contract = await openContract();
  return async (path, init = {}) => {
    const response = await fetch(url() + path, init);
    const text = await response.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    const faults = contract.faults(init.method ?? "GET", url() + path, response, body);
    if (faults.length > 0) throw new Error(`${path}: ${faults.join("; ")}`);
    const next = /^<(.+)>; rel="next"$/.exec(response.headers.get("link") ?? "")?.[1];
    return { status: response.status, type: response.headers.get("content-type") ?? "", body, next };
  };
}
