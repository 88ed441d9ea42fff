import { z } from "zod";

type Schema = z.core.JSONSchema.JSONSchema;

/** Some value that fits a zod schema, made from its JSON Schema and then checked by the schema itself. */
export function sampleOf(schema: z.ZodType): unknown {
  return schema.parse(fitting(z.toJSONSchema(schema, { io: "input" })));
}

function fitting(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return fitting(schema.anyOf[0] as Schema);
  switch (schema.type) {
    case "object":
      return Object.fromEntries((schema.required ?? []).map((name) => [name, fitting(schema.properties?.[name] as Schema)]));
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => fitting(schema.items as Schema));
    case "number":
    case "integer":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    default:
      return textOf(schema);
  }
}

function textOf({ format, pattern }: Schema): string {
  if (format === "uuid") return "00000000-0000-4000-8000-000000000001";
  if (format === "date-time") return "2026-11-22T09:00:00Z";
  const digits = Number(/\[0-9a-f\]\{(\d+)\}/.exec(pattern ?? "")?.[1] ?? 0);
  return digits > 0 ? "a".repeat(digits) : "text";
}
