import { correct } from "./corrections.ts";
import { formats } from "./formats.ts";
import { isJson, type Json } from "./json.ts";

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Json;
}

/** What is needed of GitHub's description. References read `github#/components/schemas/…`. */
export interface Definition {
  readonly operations: readonly Operation[];
  readonly schemas: Json;
  /** `issues-labeled` → the name of its payload's schema. */
  readonly webhooks: Readonly<Record<string, string>>;
}

const prose = new Set(["description", "example", "examples", "externalDocs", "x-github", "x-octokit", "title", "deprecated"]);
const schemaName = (ref: string) => ref.split("/").at(-1) ?? "";

/** Drops prose, and says `nullable` in the way a JSON Schema validator understands it. */
function plain(node: unknown, inProperties = false): unknown {
  if (Array.isArray(node)) return node.map((item) => plain(item));
  if (!isJson(node)) return node;
  const { nullable, ...rest } = node;
  const kept: Json = {};
  for (const [name, value] of Object.entries(rest)) {
    if (!inProperties && (prose.has(name) || (name === "format" && !Object.hasOwn(formats, String(value))))) continue;
    if (name === "$ref" && typeof value === "string") kept[name] = `github${value}`;
    else kept[name] = plain(value, name === "properties" && !inProperties);
  }
  if (nullable !== true || inProperties) return nullable === undefined || nullable === true ? kept : { ...kept, nullable: plain(nullable) };
  if (Array.isArray(kept.enum) && !kept.enum.includes(null)) kept.enum = [...kept.enum, null];
  return typeof kept.type === "string" ? { ...kept, nullable: true } : { anyOf: [kept, { type: "null" }] };
}

function references(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) references(item, found);
  else if (isJson(node)) {
    for (const [name, value] of Object.entries(node)) {
      if (name === "$ref" && typeof value === "string") found.add(schemaName(value));
      else references(value, found);
    }
  }
}

/** The operations and webhooks asked for, and every schema they reach. */
export function trim(description: Json, operationIds: ReadonlySet<string>, events: ReadonlySet<string>): Definition {
  correct(description);
  const components = description.components as Record<string, Json>;
  const allSchemas = components.schemas ?? {};
  const inline = (node: unknown, kind: string) => {
    const ref = isJson(node) ? node.$ref : undefined;
    return (typeof ref === "string" ? components[kind]?.[schemaName(ref)] : node) as Json;
  };

  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries(description.paths as Record<string, Record<string, Json>>)) {
    for (const [method, operation] of Object.entries(methods)) {
      const operationId = operation.operationId;
      if (typeof operationId !== "string" || !operationIds.has(operationId)) continue;
      const parameters = ((operation.parameters as unknown[] | undefined) ?? []).map((one) => plain(inline(one, "parameters")) as Json);
      const responses = Object.entries(operation.responses as Json).map(([status, one]) => [status, plain(inline(one, "responses"))]);
      const requestBody = operation.requestBody ? { requestBody: plain(operation.requestBody) as Json } : {};
      operations.push({ operationId, method, path, parameters, responses: Object.fromEntries(responses), ...requestBody });
    }
  }
  const missing = [...operationIds].filter((id) => !operations.some(({ operationId }) => operationId === id));
  if (missing.length) throw new Error(`GitHub's description has no operation ${missing.join(", ")}.`);

  const webhooks: Record<string, string> = {};
  for (const [name, hook] of Object.entries(description["x-webhooks"] as Json)) {
    const found = new Set<string>();
    references((hook as { post: Json }).post.requestBody, found);
    const [schema] = found;
    if (schema && [...events].some((event) => name === event.replaceAll("_", "-") || name.startsWith(`${event.replaceAll("_", "-")}-`)))
      webhooks[name] = schema;
  }

  const reached = new Set<string>(Object.values(webhooks));
  references(operations, reached);
  const schemas: Json = {};
  for (const name of reached) {
    schemas[name] = plain(allSchemas[name]);
    references(schemas[name], reached);
  }
  return { operations, schemas, webhooks };
}
