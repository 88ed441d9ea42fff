/** Looks into parsed data of which nothing is known. */

export const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A list, or one thing that stands for a list of one. */
export const someOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** Longer than any name or address that a person or a program writes. */
const LONGEST_VALUE = 4_000;

export function textOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (value.length > LONGEST_VALUE) throw new Error("a value is too long");
  return value;
}

export const textsOf = (value: unknown): readonly string[] => listOf(value).flatMap((one) => textOf(one) ?? []);

/** What lies at a path of keys. Only own keys count. */
export const at = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (inside, key) => (typeof inside === "object" && inside !== null && Object.hasOwn(inside, key) ? Reflect.get(inside, key) : undefined),
    value,
  );

/** Throws where the top of a file is something else than its format has. */
export function mapping(value: unknown): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("the top of it is no mapping");
  return value;
}
