/** The one place where text is made fit for Postgres: jsonb and text refuse NUL, jsonb also lone surrogates (F27). */

const UNFIT_ESCAPE = /\\(\\|u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})/g;

/** JSON that jsonb accepts: NUL left out, lone surrogates as U+FFFD, in keys and values. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value) ?? "null";
  // JSON.stringify writes a surrogate as an escape only where it is alone; an escaped backslash is passed over, so that \\u0000 in a text stays.
  if (!json.includes("\\u")) return json;
  return json.replace(UNFIT_ESCAPE, (written, what: string) => (what === "\\" ? written : what === "u0000" ? "" : "\ufffd"));
}

/** Text that a text column accepts. */
export const plainText = (text: string): string => (text.includes("\0") ? text.replaceAll("\0", "") : text).toWellFormed();
