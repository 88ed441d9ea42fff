import { type Scope, text } from "./expressions.ts";
import { listOf, mapOf, resolve, type Template, type TemplateMap } from "./template.ts";
import type { Workflow } from "./workflow.ts";

interface InputDefinition {
  readonly type: string;
  readonly required: boolean;
  readonly default: Template | undefined;
  readonly options: readonly string[];
}

/** A person's mistake in what they sent: said back, not thrown further. */
export class InputError extends Error {}

/** What a workflow declares under `on.<trigger>.inputs`; nothing where it has not that trigger. */
export function declaredInputs(
  workflow: Workflow,
  trigger: "workflow_dispatch" | "workflow_call",
): Readonly<Record<string, InputDefinition>> | undefined {
  if (!(trigger in workflow.events)) return undefined;
  const inputs = mapOf(mapOf(mapOf(workflow.on)[trigger]).inputs);
  return Object.fromEntries(Object.entries(inputs).map(([name, definition]) => [name, readDefinition(mapOf(definition))]));
}

function readDefinition(definition: TemplateMap): InputDefinition {
  return {
    type: String(definition.type ?? "string"),
    required: definition.required === true,
    default: definition.default,
    options: listOf(definition.options).map(String),
  };
}

/** Checks what was given against what is declared, fills in defaults and gives each its type. */
export function typedInputs(
  definitions: Readonly<Record<string, InputDefinition>>,
  given: Readonly<Record<string, unknown>>,
  scope: Scope,
): Readonly<Record<string, string | number | boolean>> {
  const unexpected = Object.keys(given).filter((name) => !(name in definitions));
  if (unexpected.length > 0) throw new InputError(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      const empty = given[name] === undefined || given[name] === "";
      if (empty && definition.required && definition.default === undefined) throw new InputError(`Required input '${name}' not provided`);
      return [name, typed(name, definition, empty ? resolve(definition.default, scope) : given[name])];
    }),
  );
}

function typed(name: string, { type, options }: InputDefinition, value: unknown): string | number | boolean {
  const string = text(value);
  switch (type) {
    case "boolean":
      if (!["true", "false", ""].includes(string)) throw new InputError(`Provided value '${string}' for input '${name}' is not a boolean`);
      return string === "true";
    case "number":
      if (Number.isNaN(Number(string))) throw new InputError(`Provided value '${string}' for input '${name}' is not a number`);
      return Number(string);
    case "choice":
      if (string !== "" && !options.includes(string))
        throw new InputError(`Provided value '${string}' for input '${name}' not in the list of allowed values`);
      return string === "" ? (options[0] ?? "") : string;
    default:
      return string;
  }
}
