import type { data as Data, Expr } from "@actions/expressions";
import { data, Evaluator, ensureStatusFunction, Lexer, Parser, truthy } from "./github-libraries.ts";
import type { Value } from "./template.ts";

/** How the work before this point went: what `success()`, `failure()` and `cancelled()` answer. */
export interface StatusSoFar {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

/** What an expression can see. */
export interface Scope {
  /** `github`, `env`, `steps` …, each as plain data. */
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly status?: StatusSoFar;
}

/** The value of an expression, written without `${{ }}`. */
export function evaluate(expression: string, scope: Scope): Value {
  const value = run(expression, scope);
  return value === undefined ? null : (JSON.parse(JSON.stringify(value, data.replacer)) as Value);
}

/** Whether an `if:` holds; without a status function of its own it starts with `success() &&`, as on GitHub. */
export function holds(condition: string, scope: Scope & { readonly status: StatusSoFar }): boolean {
  if (condition.trim() === "") return scope.status.success;
  const allowed = [...Object.keys(scope.contexts), "success(0,255)", "failure(0,255)", "always(0,0)", "cancelled(0,0)"];
  const value = run(ensureStatusFunction(condition, { allowedContext: allowed } as Parameters<typeof ensureStatusFunction>[1]), scope);
  return value !== undefined && truthy(value);
}

/** A value as GitHub writes it into an environment variable or an input. */
export function text(value: unknown): string {
  if (typeof value === "string") return value;
  return toData(value ?? null).coerceString();
}

function run(expression: string, scope: Scope): Data.ExpressionData | undefined {
  const functions = statusFunctions(scope.status);
  const names = Object.keys(scope.contexts);
  try {
    const tree: Expr = new Parser(new Lexer(expression).lex().tokens, names, [...functions.values()]).parse();
    return new Evaluator(tree, toData(scope.contexts) as Data.Dictionary, functions).evaluate();
  } catch (error) {
    throw new Error(`The expression "${expression}" cannot be evaluated: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function statusFunctions(status: StatusSoFar | undefined) {
  const answers: Readonly<Record<string, boolean>> = status ? { ...status, always: true } : {};
  return new Map(
    Object.entries(answers).map(([name, answer]) => [name, { name, minArgs: 0, maxArgs: 255, call: () => new data.BooleanData(answer) }]),
  );
}

const toData = (value: unknown): Data.ExpressionData => JSON.parse(JSON.stringify(value ?? null), data.reviver) as Data.ExpressionData;
