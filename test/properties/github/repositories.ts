import { missing } from "./errors.ts";
import type { GitHub } from "./state.ts";

interface OnDeployment {
  readonly deployment_id: number;
}

export const reposApi = (github: GitHub) => ({
  get: async () => ({ data: { id: github.place.id, name: github.place.name, owner: { login: github.place.owner } } }),
  getBranch: async () => ({ data: { commit: { sha: github.main.at(-1) }, protection: {} } }),
  getBranchRules: async () => ({ data: [] }),
  getContent: async ({ path }: { readonly path: string }) => {
    const text = github.files.get(path) ?? missing(path);
    return { data: { type: "file", content: Buffer.from(text).toString("base64") } };
  },
  codeownersErrors: async () => ({ data: { errors: [] } }),
  getCollaboratorPermissionLevel: async ({ username }: { readonly username: string }) => {
    const role = github.permissions.get(username) ?? missing(username);
    return { data: { permission: role, role_name: role } };
  },
  getCombinedStatusForRef: async () => ({ data: { statuses: [] } }),
  listDeployments: async ({ environment }: { readonly environment: string }) => ({
    data: github.deployments
      .filter((one) => one.environment === environment)
      .toReversed()
      .map(({ id, sha, createdAt }) => ({ id, sha, created_at: createdAt.toISOString() })),
  }),
  listDeploymentStatuses: async ({ deployment_id }: OnDeployment) => ({
    data: github.deployments
      .filter(({ id, state }) => id === deployment_id && state !== "pending")
      .map(({ state }) => ({ state, environment_url: "https://shop.example" })),
  }),
  compareCommitsWithBasehead: async ({ basehead }: { readonly basehead: string }) => {
    const [base, head] = basehead.split("...").map((sha) => github.main.indexOf(sha));
    return { data: { status: head !== undefined && base !== undefined && head >= base && base >= 0 ? "ahead" : "behind" } };
  },
});
