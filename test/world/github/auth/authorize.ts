import { notFound, Refusal } from "../http/refusal.ts";
import type { Permissions, User } from "../state/people.ts";
import { type Repository, type Role, roles } from "../state/repository.ts";
import type { Identity } from "./identity.ts";

/** What a call on a repository needs. */
export interface Needs {
  /** For Apps and jobs. Several: any one of them will do. */
  readonly app: Permissions | readonly Permissions[];
  /** For people. Absent: only Apps may. */
  readonly person?: Role;
  /** The same level of `pull_requests` will do where the issue is a pull request. */
  readonly pullsToo?: boolean;
  /** A write that an archived repository takes as well. */
  readonly archivedToo?: boolean;
}

/** What changing a workflow file needs besides the right to push. */
export const workflowFiles: Needs = { app: { workflows: "write" }, person: "write" };

/** What this person may do there; `undefined` is nothing. A public repository can be read by everybody. */
export function roleOf(repository: Repository, user: User): Role | undefined {
  if (user.id === repository.owner.id) return "admin";
  return repository.collaborators.get(user.id) ?? (repository.private ? undefined : "read");
}

export const atLeast = (role: Role | undefined, needed: Role) => role !== undefined && roles.indexOf(role) >= roles.indexOf(needed);

const grants = (have: Permissions, need: Permissions) =>
  Object.entries(need).every(
    ([name, level]) => have[name] === "write" || have[name] === level || (name === "metadata" && level === "read"),
  );

/** A token keeps what it was given, as far as the installation still has it. */
const permits = (identity: Extract<Identity, { readonly permissions: Permissions }>, need: Permissions) =>
  grants(identity.permissions, need) && (identity.kind === "job" || grants(identity.installation.permissions, need));

export function covers(identity: Identity, repository: Repository): boolean {
  if (identity.kind === "job") return identity.repositoryId === repository.id;
  if (identity.kind !== "installation") return false;
  return identity.installation.repositoryIds.has(repository.id) && (identity.repositoryIds?.has(repository.id) ?? true);
}

/** Whether they may know that the repository exists. */
export function mayKnow(identity: Identity, repository: Repository): boolean {
  if (!repository.private) return true;
  return identity.kind === "person" ? roleOf(repository, identity.user) !== undefined : covers(identity, repository);
}

const alternatives = ({ app }: Needs) => (Array.isArray(app) ? (app as readonly Permissions[]) : [app as Permissions]);

export function mayDo(identity: Identity, repository: Repository, needs: Needs): boolean {
  const readsOnly = alternatives(needs).some((need) => Object.values(need).every((level) => level === "read"));
  switch (identity.kind) {
    case "person":
      return needs.person !== undefined && atLeast(roleOf(repository, identity.user), needs.person);
    case "installation":
    case "job":
      if (covers(identity, repository)) return alternatives(needs).some((need) => permits(identity, need));
      return !repository.private && readsOnly;
    case "anonymous":
      return !repository.private && readsOnly && needs.person === "read";
    case "app":
      return false;
  }
}

export function authorize(identity: Identity, repository: Repository, needs: Needs): void {
  if (identity.kind === "app") throw new Refusal(401, "A JSON web token could not be decoded");
  if (!mayKnow(identity, repository)) throw notFound();
  if (mayDo(identity, repository, needs)) return;
  if (identity.kind === "anonymous") throw new Refusal(401, "Requires authentication");
  if (identity.kind === "person") {
    if (needs.person === undefined) throw new Refusal(403, "You must authenticate via a GitHub App.");
    throw new Refusal(403, `Must have ${needs.person} rights to Repository.`);
  }
  const accepted = alternatives(needs).map((need) =>
    Object.entries(need)
      .map(([name, level]) => `${name}=${level}`)
      .join(","),
  );
  throw new Refusal(403, "Resource not accessible by integration", [], { "x-accepted-github-permissions": accepted.join("; ") });
}
