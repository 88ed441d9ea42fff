import type { Contract } from "../contract/contract.ts";
import type { Operation } from "../contract/trim.ts";
import type { Endpoint } from "../rest/endpoint.ts";
import { Refusal } from "./refusal.ts";

export interface Route {
  readonly endpoint: Endpoint;
  readonly operation: Operation;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Parameters whose value may hold slashes, as a path may; that one can also be empty, for the root folder. */
const long = new Set(["ref", "branch", "basehead"]);

function compile(path: string): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names: string[] = [];
  const source = path.replace(/[.]/g, "\\.").replace(/\/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return name === "path" ? "(?:/(.*))?" : long.has(name) ? "/(.+)" : "/([^/]+)";
  });
  return { pattern: new RegExp(`^${source}$`), names };
}

const fixedLength = ({ path }: Operation) => path.replace(/\{\w+\}/g, "").length;

export function openRouter(contract: Contract, endpoints: readonly Endpoint[]): (method: string, path: string) => Matched | undefined {
  const byMethod = new Map<string, Route[]>();
  for (const endpoint of endpoints) {
    const operation = contract.operations.find(({ operationId }) => operationId === endpoint.id);
    if (!operation) throw new Error(`${endpoint.id} is served, but the description that was cut for it does not have it.`);
    const method = operation.method.toUpperCase();
    byMethod.set(method, [...(byMethod.get(method) ?? []), { endpoint, operation, ...compile(operation.path) }]);
  }
  for (const routes of byMethod.values()) routes.sort((one, other) => fixedLength(other.operation) - fixedLength(one.operation));

  return (method, path) => {
    for (const route of byMethod.get(method) ?? []) {
      const match = route.pattern.exec(path);
      if (!match) continue;
      try {
        return { route, params: Object.fromEntries(route.names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")])) };
      } catch {
        throw new Refusal(400, "The path is not well encoded");
      }
    }
    return undefined;
  };
}
