import { GraphQLError } from "graphql";

/** A refusal as GitHub's GraphQL words it: with a `type` beside the message. */
export const refusal = (type: "NOT_FOUND" | "FORBIDDEN", message: string) => new GraphQLError(message, { extensions: { type } });

/** graphql-js words a field that does not exist differently from GitHub. */
function wrongQuery({ message, locations }: GraphQLError): object {
  const [, fieldName, typeName] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(message) ?? [];
  if (!fieldName) return { message, locations };
  return {
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
    locations,
    extensions: { code: "undefinedField", typeName, fieldName },
  };
}

/** One error of an answer. */
export function showError(error: GraphQLError): object {
  const { message, path, locations, extensions } = error;
  if (!path) return wrongQuery(error);
  return { ...(typeof extensions.type === "string" ? { type: extensions.type } : {}), path, locations, message };
}
