import { roleOf } from "../auth/authorize.ts";
import { readCommit } from "../git/commit.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { codeownersErrors } from "../repositories/codeowners-errors.ts";
import { enforced } from "../repositories/ruleset.ts";
import { showCommit } from "../shapes/commit.ts";
import { showUser } from "../shapes/people.ts";
import { apiOf, htmlOf, showFullRepository, showPermissions } from "../shapes/repository.ts";
import type { User } from "../state/people.ts";
import type { Repository, Role } from "../state/repository.ts";
import type { World } from "../world.ts";
import { type Endpoint, ok, onRepository } from "./endpoint.ts";
import { findCommit } from "./find.ts";
import { listed } from "./pages.ts";

/** The older word for a role. */
const permissionWord = (role: Role | undefined) =>
  role === undefined ? "none" : role === "maintain" ? "write" : role === "triage" ? "read" : role;

const showCollaborator = (world: World, repository: Repository, user: User) => {
  const role = roleOf(repository, user);
  return { ...showUser(world, user), permissions: showPermissions(role), role_name: role ?? "none" };
};

const branchNames = (repository: Repository) =>
  [...repository.git.refs.keys()]
    .filter((ref) => ref.startsWith("refs/heads/"))
    .map((ref) => ref.slice("refs/heads/".length))
    .sort();

const isProtected = (repository: Repository, branch: string) =>
  branch === repository.defaultBranch && Object.keys(enforced(repository)).length > 0;

async function branchTip(repository: Repository, branch: string): Promise<string> {
  const sha = repository.git.refs.get(`refs/heads/${branch}`);
  if (!sha) throw new Refusal(404, "Branch not found");
  return sha;
}

export const repositoryEndpoints: readonly Endpoint[] = [
  onRepository("repos/get", { app: { metadata: "read" }, person: "read" }, ({ world, repository, identity }) => {
    const role = identity.kind === "person" ? roleOf(repository, identity.user) : "read";
    return ok(showFullRepository(world, repository, role));
  }),
  onRepository("repos/list-collaborators", { app: { metadata: "read" }, person: "write" }, (call) => {
    const { world, repository } = call;
    const people = [...world.users.values()].filter((user) => user.id === repository.owner.id || repository.collaborators.has(user.id));
    return listed(call, people, (user) => showCollaborator(world, repository, user));
  }),
  onRepository(
    "repos/get-collaborator-permission-level",
    { app: { metadata: "read" }, person: "read" },
    ({ world, repository, params }) => {
      const user = world.users.get(params.username.toLowerCase());
      if (user?.type !== "User") throw new Refusal(404, `${params.username} is not a user`);
      return ok({
        permission: permissionWord(roleOf(repository, user)),
        role_name: roleOf(repository, user) ?? "none",
        user: showCollaborator(world, repository, user),
      });
    },
  ),
  onRepository("repos/list-branches", { app: { contents: "read" }, person: "read" }, (call) => {
    const { world, repository } = call;
    return listed(call, branchNames(repository), async (name) => {
      const sha = await branchTip(repository, name);
      return { name, commit: { sha, url: `${apiOf(world, repository)}/commits/${sha}` }, protected: isProtected(repository, name) };
    });
  }),
  onRepository("repos/get-branch", { app: { contents: "read" }, person: "read" }, async ({ world, repository, params }) => {
    const sha = await branchTip(repository, params.branch);
    const self = `${apiOf(world, repository)}/branches/${params.branch}`;
    return ok({
      name: params.branch,
      commit: showCommit(world, repository, await readCommit(repository.git, sha)),
      _links: { self, html: `${htmlOf(world, repository)}/tree/${params.branch}` },
      protected: isProtected(repository, params.branch),
      protection: { enabled: false, required_status_checks: { enforcement_level: "off", contexts: [], checks: [] } },
      protection_url: `${self}/protection`,
    });
  }),
  onRepository("repos/get-branch-protection", { app: { administration: "read" }, person: "write" }, async ({ repository, params }) => {
    await branchTip(repository, params.branch);
    // Rules are a ruleset here, never the older protection.
    throw new Refusal(404, "Branch not protected");
  }),
  onRepository("repos/codeowners-errors", { app: { contents: "read" }, person: "read" }, async ({ world, repository, query }) => {
    const sha = await findCommit(repository, query.ref ?? repository.defaultBranch);
    const errors = await codeownersErrors(world, repository, sha);
    if (!errors) throw notFound();
    return ok({ errors });
  }),
];
