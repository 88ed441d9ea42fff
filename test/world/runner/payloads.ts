/** A string deep in a payload; empty where it is not there. */
export function field(payload: unknown, ...keys: readonly string[]): string {
  const value = keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    payload,
  );
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The commit checks are shown on: for a pull request its head, not the merge commit the files come from. */
export function headSha(event: { readonly name: string; readonly sha: string; readonly payload: unknown }): string {
  return event.name.startsWith("pull_request") ? field(event.payload, "pull_request", "head", "sha") || event.sha : event.sha;
}
