import { NoOperationTraceWriter, parseAction } from "./github-libraries.ts";
import { conditionOf, fromToken, mapOf, type Template } from "./template.ts";
import { readSteps, type Step } from "./workflow.ts";

/** What an `action.yml` says. */
export interface ActionFile {
  readonly name: string;
  /** Each input's default, where it has one. */
  readonly inputs: Readonly<Record<string, Template | undefined>>;
  readonly outputs: Readonly<Record<string, Template | undefined>>;
  readonly runs: JavaScriptAction | CompositeAction;
}

export interface JavaScriptAction {
  readonly using: "node24";
  readonly main: string;
  readonly post?: string;
  readonly postCondition: string;
}

export interface CompositeAction {
  readonly using: "composite";
  readonly steps: readonly Step[];
}

export function readAction(path: string, content: string): ActionFile {
  const { value, context } = parseAction({ name: path, content }, new NoOperationTraceWriter());
  const errors = context.errors.getErrors();
  if (!value || errors.length > 0) throw new Error(`${path} is not an action: ${errors.map(({ message }) => message).join("; ")}`);
  const root = mapOf(fromToken(value));
  return {
    name: String(root.name),
    inputs: each(root.inputs, "default"),
    outputs: each(root.outputs, "value"),
    runs: readRuns(path, root.runs),
  };
}

function readRuns(path: string, template: Template | undefined): ActionFile["runs"] {
  const runs = mapOf(template);
  if (runs.using === "composite") return { using: "composite", steps: readSteps(runs.steps) };
  if (runs.pre !== undefined) throw new Error(`${path} has pre:, which this runner has not.`);
  if (runs.using !== "node24" || typeof runs.main !== "string")
    throw new Error(`${path} runs with ${String(runs.using)}; this runner has node24 and composite.`);
  return {
    using: "node24",
    main: runs.main,
    ...(typeof runs.post === "string" ? { post: runs.post } : {}),
    postCondition: conditionOf(runs["post-if"]) || "always()",
  };
}

const each = (template: Template | undefined, key: string) =>
  Object.fromEntries(Object.entries(mapOf(template)).map(([name, definition]) => [name, mapOf(definition)[key]]));
