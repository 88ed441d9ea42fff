import { buildSchema, type GraphQLSchema } from "graphql";

let schema: Promise<GraphQLSchema> | undefined;

// Loaded when it is first asked for: most worlds never ask, and reading its 64,000 lines takes half a second.
async function load(): Promise<GraphQLSchema> {
  const github = await import("@octokit/graphql-schema");
  return buildSchema(github.schema.idl, { assumeValid: true, noLocation: true });
}

/** GitHub's own schema. */
export function githubSchema(): Promise<GraphQLSchema> {
  schema ??= load();
  return schema;
}
