/** What is wrong with a file that people write: the place in it, what is allowed there, and what was probably meant. */
import { z } from "zod";

export interface Fault {
  readonly path: readonly PropertyKey[];
  /** A sentence that names the place. */
  readonly message: string;
}

export const placeOf = (path: readonly PropertyKey[]): string => path.map(String).join(".") || "the whole file";

/** Every fault that a schema finds in what was given. */
export function faultsIn(error: z.ZodError, given: unknown, schema: z.ZodType): readonly Fault[] {
  return error.issues.flatMap((issue): readonly Fault[] => {
    const place = placeOf(issue.path);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return { path, message: `${placeOf(path)}: there is no such key.${choice(key, keysAt(schema, issue.path))}` };
      });
    if (issue.code === "invalid_value") {
      const value = issue.path.reduce(inside, given);
      return [{ path: issue.path, message: `${place}: ${shown(value)} is not to be had.${choice(value, issue.values.map(String))}` }];
    }
    if (issue.code === "invalid_key") return [{ path: issue.path, message: `${place}: a name here has ${issue.issues[0]?.message}.` }];
    return [{ path: issue.path, message: `${place}: ${issue.message}.` }];
  });
}

const inside = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80));

function choice(given: unknown, allowed: readonly string[]): string {
  const meant = typeof given === "string" ? nearest(given, allowed) : undefined;
  return `${allowed.length > 0 ? ` Allowed are ${allowed.join(", ")}.` : ""}${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

/** The keys that an object at this place may have. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let here: z.core.JSONSchema._JSONSchema | undefined = z.toJSONSchema(schema, { io: "input" });
  for (const key of path) {
    if (typeof here !== "object") return [];
    const items: unknown = here.items;
    here = here.properties?.[String(key)] ?? (typeof key === "number" ? (items as typeof here) : here.additionalProperties);
  }
  if (typeof here !== "object") return [];
  const names = typeof here.propertyNames === "object" ? here.propertyNames.enum : undefined;
  return (names ?? Object.keys(here.properties ?? {})).map(String);
}

/** What was probably meant: at most a third of its letters is different. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const [best] = known.map((name) => ({ name, far: distance(given.toLowerCase(), name.toLowerCase()) })).toSorted((a, b) => a.far - b.far);
  return best && best.far <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : undefined;
}

/** How many letters are to be changed, added or taken away (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
