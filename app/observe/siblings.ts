import type { Reader } from "./github.ts";

/** Other open pull requests of the same head into a protected branch: a check belongs to a commit, not to a pull request (R12c). */
export async function observeSiblings(
  { octokit, owner, repo }: Reader,
  pr: { readonly number: number; readonly headSha: string; readonly defaultBranch: string },
): Promise<readonly number[]> {
  const { number, headSha: commit_sha, defaultBranch } = pr;
  const all = await octokit.paginate(octokit.rest.repos.listPullRequestsAssociatedWithCommit, { owner, repo, commit_sha, per_page: 100 });
  const others = all.filter((one) => one.state === "open" && one.number !== number && one.head.sha === commit_sha);
  const branches = [...new Set(others.map(({ base }) => base.ref))];
  const guarded = await Promise.all(branches.map(async (branch) => branch === defaultBranch || (await isProtected(branch))));
  return others.filter(({ base }) => guarded[branches.indexOf(base.ref)]).map((one) => one.number);

  async function isProtected(branch: string): Promise<boolean> {
    const { data } = await octokit.rest.repos.getBranch({ owner, repo, branch });
    return data.protected;
  }
}
