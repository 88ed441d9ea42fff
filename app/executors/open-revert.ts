import { statusOf } from "../observe/github.ts";
import { type Executor, type Hands, repositoryOf } from "./executor.ts";

/** One commit on the default branch with the files of the commit that was asked back, on a branch and in a pull request of its own: nothing is merged here. */
export const openRevert: Executor<"OPEN_REVERT"> = async ({ toSha, branch, base, title, body, by }, hands) => {
  const { octokit, subject, redact } = hands;
  const at = repositoryOf(subject);
  const open = await octokit.rest.pulls.list({ ...at, head: `${subject.owner}:${branch}`, state: "all", per_page: 1 });
  const known = open.data[0];
  if (known) return { response: { number: known.number, url: known.html_url } };
  const [{ data: old }, { data: tip }] = await Promise.all([
    octokit.rest.git.getCommit({ ...at, commit_sha: toSha }),
    octokit.rest.git.getRef({ ...at, ref: `heads/${base}` }),
  ]);
  const message = `${title}\n\nAsked for by ${by}.`;
  const { data: commit } = await octokit.rest.git.createCommit({ ...at, message, tree: old.tree.sha, parents: [tip.object.sha] });
  await point(branch, commit.sha, hands);
  const { data: pr } = await octokit.rest.pulls.create({ ...at, head: branch, base, title: redact(title), body: redact(body) });
  return { response: { number: pr.number, url: pr.html_url } };
};

/** An earlier try may have made the branch. */
async function point(branch: string, sha: string, { octokit, subject }: Hands): Promise<void> {
  const at = repositoryOf(subject);
  try {
    await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha });
  } catch (error) {
    if (statusOf(error) !== 422) throw error;
    await octokit.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha, force: true });
  }
}
