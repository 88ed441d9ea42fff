import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/index";
import { evaluate, type Scope } from "./expressions.ts";
import { isBasicExpression, isBoolean, isMapping, isNumber, isSequence, isString } from "./github-libraries.ts";

const expression: unique symbol = Symbol("expression");

/** What stood in `${{ }}`. */
interface Expression {
  readonly [expression]: string;
}

/** A piece of YAML as GitHub reads it: values, with expressions not yet evaluated. */
export type Template = string | number | boolean | null | Expression | readonly Template[] | TemplateMap;
export interface TemplateMap {
  readonly [key: string]: Template;
}

/** A piece of YAML after its expressions were evaluated. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const isExpression = (template: Template): template is Expression =>
  typeof template === "object" && template !== null && expression in template;

const isList = (template: Template): template is readonly Template[] => Array.isArray(template);

export function fromToken(token: TemplateToken): Template {
  if (isMapping(token)) return Object.fromEntries([...token].map(({ key, value }) => [key.toString(), fromToken(value)]));
  if (isSequence(token)) return [...token].map(fromToken);
  if (isBasicExpression(token)) return { [expression]: token.expression };
  if (isString(token) || isNumber(token) || isBoolean(token)) return token.value;
  return null;
}

/** The same template with every expression evaluated. */
export function resolve(template: Template | undefined, scope: Scope): Value {
  if (template === undefined) return null;
  if (isExpression(template)) return evaluate(template[expression], scope);
  if (isList(template)) return template.map((item) => resolve(item, scope));
  if (typeof template === "object" && template !== null) return resolveMap(template, scope);
  return template;
}

function resolveMap(template: TemplateMap, scope: Scope): Value {
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, resolve(value, scope)]));
}

/** The mapping under a key; an empty one where there is none. */
export function mapOf(template: Template | undefined): TemplateMap {
  const isMap = typeof template === "object" && template !== null && !isList(template) && !isExpression(template);
  return isMap ? template : {};
}

/** One or many, as a list. */
export function listOf(template: Template | undefined): readonly Template[] {
  if (template === undefined || template === null) return [];
  return isList(template) ? template : [template];
}

/** The source of an `if:`: its expression without `${{ }}`. */
export function conditionOf(template: Template | undefined): string {
  if (template === undefined || template === null) return "";
  return isExpression(template) ? template[expression] : String(template);
}
