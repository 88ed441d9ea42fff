/**
 * GitHub's own parser and evaluator of workflows. They import JSON without the attribute Node asks for, so the hook has to
 * stand before they load: this file is the only one that imports them.
 */
import { registerHooks } from "node:module";

try {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      return resolved.url.endsWith(".json") ? { ...resolved, importAttributes: { type: "json" } } : resolved;
    },
  });
} catch {
  // Jest has a loader of its own: it refuses hooks, and reads such JSON without them.
}

export const {
  parseWorkflow,
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  isMapping,
  isSequence,
  isBasicExpression,
  isString,
  isNumber,
  isBoolean,
} = await import("@actions/workflow-parser");
export const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");
export const { ensureStatusFunction } = await import("@actions/workflow-parser/model/converter/if-condition");
export const { Lexer, Parser, Evaluator, data } = await import("@actions/expressions");
export const { truthy } = await import("@actions/expressions/result");
