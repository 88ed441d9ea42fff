/** Where a value stands in a JSON document: a top-level key, or a path of RFC 9535 that begins with `$`. */
import { JSONPathEnvironment } from "json-p3";

const LONGEST = 200;

const paths = new JSONPathEnvironment();
// They run a repository's own expression over a stranger's text, for as long as that takes.
for (const name of ["match", "search"]) paths.functionRegister.delete(name);

/** What is wrong with a place; undefined where it can be used. */
export function jsonPathFault(place: string): string | undefined {
  if (!place.startsWith("$")) return undefined;
  if (place.length > LONGEST) return `has more than ${LONGEST} characters`;
  // Either asks the whole document again for each of its parts.
  if (place.includes("..") || place.lastIndexOf("$") > 0) return "may have neither .. nor a second $: name the keys on the way";
  try {
    paths.compile(place);
    return undefined;
  } catch (error) {
    return `is not a path of RFC 9535: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Every value that stands there, as text. */
export function valuesAt(document: unknown, place: string): readonly string[] {
  if (typeof document !== "object" || document === null) return [];
  const found = place.startsWith("$")
    ? paths.query(place, document as Parameters<typeof paths.query>[1]).values()
    : ownValue(document, place);
  return found.map((value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)));
}

const ownValue = (document: object, key: string): readonly unknown[] =>
  Object.hasOwn(document, key) ? [(document as Readonly<Record<string, unknown>>)[key]] : [];
