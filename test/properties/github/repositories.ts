import { blobId, commitOf, forkOf, historyOf } from "./commits.ts";
import { missing } from "./errors.ts";
import { type GitHub, headOf } from "./state.ts";

interface OnDeployment {
  readonly deployment_id: number;
}

export const reposApi = (github: GitHub) => ({
  get: async () => ({ data: { id: github.place.id, name: github.place.name, owner: { login: github.place.owner } } }),
  getBranch: async ({ branch }: { readonly branch: string }) => {
    const sha = branch === "main" ? github.main.at(-1) : (github.branches.get(branch)?.sha ?? missing(branch));
    const guarded = branch === "main" || github.branches.get(branch)?.protected === true;
    return { data: { protected: guarded, commit: { sha }, protection: {} } };
  },
  getBranchRules: async () => ({ data: [] }),
  getContent: async ({ path, ref }: { readonly path: string; readonly ref: string }) => {
    const text = commitOf(github, ref).tree.get(path) ?? missing(path);
    const content = Buffer.from(text).toString("base64");
    return { data: { type: "file", size: Buffer.byteLength(text), sha: blobId(text), encoding: "base64", content } };
  },
  listActivities: async ({ ref }: { readonly ref: string }) => ({
    data: github.pushes
      .filter(({ branch }) => ref === `refs/heads/${branch}`)
      .toReversed()
      .map(({ sha, by }) => ({ after: sha, actor: by })),
  }),
  listPullRequestsAssociatedWithCommit: async ({ commit_sha }: { readonly commit_sha: string }) => ({
    data: [...github.pulls.values()]
      .filter(({ commits }) => commits.some(({ sha }) => sha === commit_sha))
      .map((pull) => ({ number: pull.number, state: pull.state, head: { sha: headOf(pull) }, base: { ref: pull.base } })),
  }),
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
      .map(({ state, createdAt }) => ({ state, environment_url: "https://shop.example", created_at: createdAt.toISOString() })),
  }),
  compareCommitsWithBasehead: async ({ basehead }: { readonly basehead: string }) => {
    const [base = "", head = ""] = basehead.split("...");
    const headSha = head === "main" ? (github.main.at(-1) ?? "") : head;
    const { sha } = forkOf(github, base, headSha);
    const status = base === headSha ? "identical" : sha === base ? "ahead" : sha === headSha ? "behind" : "diverged";
    const brought =
      status === "ahead"
        ? historyOf(github, headSha).slice(
            0,
            historyOf(github, headSha).findIndex((one) => one.sha === base),
          )
        : [];
    const commits = brought.toReversed().map((one) => ({ sha: one.sha, commit: { message: "Round prices half up" } }));
    return { data: { status, merge_base_commit: { sha }, total_commits: commits.length, commits } };
  },
});
