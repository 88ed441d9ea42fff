import { mapOf, type Template } from "./template.ts";

export type Permissions = Readonly<Record<string, "read" | "write">>;

const SCOPES = ["actions", "attestations", "checks", "contents", "deployments", "discussions", "issues", "models", "packages", "pages"];
const ALL = [...SCOPES, "pull-requests", "repository-projects", "security-events", "statuses"];

/** What a token may do when neither workflow nor job says: the restricted setting, GitHub's default for new repositories. */
export const restricted: Permissions = { contents: "read", packages: "read" };

/** Reads `permissions:`; nothing where it was not written. */
export function readPermissions(template: Template | undefined): Permissions | undefined {
  if (template === undefined) return undefined;
  if (template === "read-all") return Object.fromEntries(ALL.map((scope) => [scope, "read" as const]));
  if (template === "write-all") return Object.fromEntries([...ALL, "id-token"].map((scope) => [scope, "write" as const]));
  return Object.fromEntries(
    Object.entries(mapOf(template)).flatMap(([scope, level]) => (level === "read" || level === "write" ? [[scope, level]] : [])),
  );
}

/** What `wanted` asks beyond `allowed`, in words; empty when nothing. */
export function excess(wanted: Permissions, allowed: Permissions): readonly string[] {
  return Object.entries(wanted)
    .filter(([scope, level]) => !(allowed[scope] === "write" || allowed[scope] === level))
    .map(([scope, level]) => `'${scope}: ${level}', but is only allowed '${scope}: ${allowed[scope] ?? "none"}'`);
}

/** A pull request from a fork reads, and no more. */
export function readOnly(permissions: Permissions): Permissions {
  const read = Object.keys(permissions).filter((scope) => scope !== "id-token");
  return Object.fromEntries(read.map((scope) => [scope, "read" as const]));
}

/** A workflow writes `pull-requests`, the API `pull_requests`. */
export const asOfApp = (permissions: Permissions): Permissions =>
  Object.fromEntries(Object.entries(permissions).map(([scope, level]) => [scope.replaceAll("-", "_"), level]));
