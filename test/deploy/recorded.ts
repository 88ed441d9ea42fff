import { isRecord } from "./manifest.ts";

/**
 * Finds fields that a compiled validator does not know: it asks for each field of its schema by name, so what it never asked for
 * is none. An object into which it never looked is free-form.
 */
export function recorded(value: object): { readonly value: object; readonly unknown: () => readonly string[] } {
  const asked = new Map<object, Set<string>>();
  const wrap = (part: unknown): unknown => {
    if (typeof part !== "object" || part === null) return part;
    const names = asked.get(part) ?? new Set<string>();
    asked.set(part, names);
    return new Proxy(part, {
      get: (target, name, receiver) => {
        if (typeof name === "string") names.add(name);
        return wrap(Reflect.get(target, name, receiver));
      },
    });
  };
  const unknown = (part: unknown, path: string): readonly string[] => {
    if (Array.isArray(part)) return part.flatMap((item, n) => unknown(item, `${path}/${n}`));
    const names = isRecord(part) ? asked.get(part) : undefined;
    if (!isRecord(part) || !names || names.size === 0) return [];
    return Object.entries(part).flatMap(([name, inner]) =>
      names.has(name) ? unknown(inner, `${path}/${name}`) : [`${path}/${name} is no field of it`],
    );
  };
  return { value: Object(wrap(value)), unknown: () => unknown(value, "") };
}
