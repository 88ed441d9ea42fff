import { OpenAPIValidator } from "openapi-backend";
import type { KeyedDefinition } from "./definition.ts";
import { formats } from "./formats.ts";
import type { Json } from "./json.ts";
import { type Ajv, keptValidators, newAjv, type Validate } from "./kept-validators.ts";
import type { Operation } from "./trim.ts";

type Options = ConstructorParameters<typeof OpenAPIValidator>[0];

// Measured on five webhooks: 1.1 s to compile as Ajv is set by default, 0.25 s without its optimizer and inlining.
const options = {
  strict: false,
  formats,
  logger: false,
  meta: false,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false, source: true },
} as const;

export interface Sent {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** GitHub's own description of its API, asked about one request, response or webhook at a time. Empty means it agrees. */
export interface Contract {
  readonly operations: readonly Operation[];
  request(operation: Operation, sent: Sent): { readonly errors: readonly string[]; readonly query: Json; readonly params: Json };
  response(operation: Operation, status: number, body: unknown): readonly string[];
  webhook(event: string, payload: Json): readonly string[];
}

/** Stands for an empty path of `contents`: the validator takes its parameters out of a path, and cannot see an empty one there. */
const NOTHING = ".";

interface Finding {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: object;
}

const say = (errors: readonly Finding[] | null | undefined) =>
  (errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath.replace("/requestBody", "") || "/"} ${message ?? ""} ${JSON.stringify(params)}`,
  );

/** The description's `requestBody` names these; GitHub ignores others, and so a misspelt one would go unnoticed. */
function unknownProperties(operation: Operation, body: unknown): string[] {
  const content = operation.requestBody?.content as Record<string, { schema?: Json }> | undefined;
  const schema = content?.["application/json"]?.schema;
  if (!schema?.properties || schema.additionalProperties === true || typeof body !== "object" || body === null || Array.isArray(body))
    return [];
  return Object.keys(body)
    .filter((name) => !Object.hasOwn(schema.properties as Json, name))
    .map((name) => `/${name} is no parameter of ${operation.operationId}`);
}

export function openContract(definition: KeyedDefinition): Contract {
  const paths: Record<string, Json> = {};
  for (const operation of definition.operations) paths[operation.path] = { ...paths[operation.path], [operation.method]: operation };

  const keptBy = (coerceTypes: boolean) =>
    keptValidators(`${definition.key}-${coerceTypes ? "strings" : "values"}`, () =>
      newAjv({ ...options, coerceTypes }).addSchema({ $id: "github", components: { schemas: definition.schemas } }),
    );
  // Parameters are strings that stand for numbers; bodies are what they are.
  const [ofParameters, ofBodies] = [keptBy(true), keptBy(false)];
  const validator = new OpenAPIValidator({
    definition: { openapi: "3.0.3", info: { title: "GitHub", version: "" }, paths } as Options["definition"],
    lazyCompileValidators: true,
    coerceTypes: true,
    ajvOpts: { meta: false },
    // All that openapi-backend asks of what it gets here is to compile.
    customizeAjv: (_, { coerceTypes }) => ({ compile: coerceTypes ? ofParameters : ofBodies }) as unknown as Ajv,
  });
  const webhooks = new Map<string, Validate>();

  return {
    operations: definition.operations,
    request(operation, { params, query, body }) {
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] || NOTHING));
      const request = { method: operation.method, path, query: { ...query }, headers: {}, ...(body === undefined ? {} : { body }) };
      const { errors, coerced } = validator.validateRequest(request, operation as Parameters<typeof validator.validateRequest>[1]);
      const numbers = Object.entries((coerced?.params ?? {}) as Json).filter(([, value]) => typeof value === "number");
      return {
        errors: [...say(errors), ...unknownProperties(operation, body)],
        query: (coerced?.query ?? {}) as Json,
        params: { ...params, ...Object.fromEntries(numbers) },
      };
    },
    response(operation, status, body) {
      if (!operation.responses[status]) return status < 400 ? [`${operation.operationId} never answers ${status}`] : [];
      return say(validator.validateResponse(body, operation as Parameters<typeof validator.validateResponse>[1], status).errors);
    },
    webhook(event, payload) {
      const action = payload.action;
      const name = `${event}${typeof action === "string" ? `-${action}` : ""}`.replaceAll("_", "-");
      const schema = definition.webhooks[name];
      if (!schema) return [`GitHub's description knows no webhook ${name}`];
      const validate = webhooks.get(schema) ?? ofBodies({ $ref: `github#/components/schemas/${schema}` });
      webhooks.set(schema, validate);
      validate(payload);
      return say(validate.errors);
    },
  };
}
