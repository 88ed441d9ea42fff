import { type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import { z } from "zod";
import type { Identity } from "../auth/identity.ts";
import { Refusal } from "../http/refusal.ts";
import type { Answer } from "../rest/endpoint.ts";
import type { World } from "../world.ts";
import { showError } from "./errors.ts";
import { queryRoot } from "./query.ts";
import { githubSchema } from "./schema.ts";

const Asked = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** What the schema has and this GitHub does not resolve is an error, never a silent null. */
function fieldOf(
  source: Readonly<Record<string, unknown>>,
  args: unknown,
  _: unknown,
  info: { fieldName: string; parentType: { name: string } },
) {
  if (!Object.hasOwn(source, info.fieldName))
    throw new GraphQLError(`The stand-in GitHub does not resolve ${info.parentType.name}.${info.fieldName}: teach it, or do without.`);
  const value = source[info.fieldName];
  return typeof value === "function" ? value(args) : value;
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

const wrong = (errors: readonly GraphQLError[]): Answer => ({ status: 200, body: { errors: errors.map(showError) } });

/** `POST /graphql`: 200 even for a wrong query, with the reasons in `errors`. */
export async function answerGraphql(world: World, identity: Identity, body: unknown): Promise<Answer> {
  if (identity.kind === "anonymous") throw new Refusal(401, "This endpoint requires you to be authenticated.");
  if (identity.kind === "app") throw new Refusal(401, "A JSON web token could not be decoded");
  const asked = Asked.safeParse(body);
  if (!asked.success) throw new Refusal(400, "A query attribute must be specified and must be a string.");
  const { query, variables, operationName } = asked.data;
  const document = parsed(query);
  if (document instanceof GraphQLError) return wrong([document]);
  const schema = await githubSchema();
  const errors = validate(schema, document);
  if (errors.length) return wrong(errors);
  const result = await execute({
    schema,
    document,
    rootValue: queryRoot(world, identity),
    variableValues: variables,
    operationName,
    fieldResolver: fieldOf,
  });
  return {
    status: 200,
    body: {
      ...(result.data === undefined ? {} : { data: result.data }),
      ...(result.errors ? { errors: result.errors.map(showError) } : {}),
    },
  };
}
