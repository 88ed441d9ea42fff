import { statusOf } from "../observe/github.ts";
import { type Executor, type Hands, repositoryOf } from "./executor.ts";

const CLOCKS_AGREE_MS = 60_000;

/** P13: one commit on the default branch with the files of the commit that was asked back, on a branch and in a pull request of its own: nothing is merged here. */
export const openRevert: Executor<"OPEN_REVERT"> = async ({ toSha, branch, base, title, body, by }, hands) => {
  const { octokit, subject, redact } = hands;
  const at = repositoryOf(subject);
  const known = await ourPull(branch, hands);
  if (known) return { response: known };
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

/** One of ours that is open, or that an earlier try of this command opened. What was asked for and closed before is another one's. */
async function ourPull(branch: string, { octokit, subject, identities, attempt }: Hands) {
  const since = attempt.plannedAt.getTime() - CLOCKS_AGREE_MS;
  const { data } = await octokit.rest.pulls.list({
    ...repositoryOf(subject),
    ...{ head: `${subject.owner}:${branch}`, state: "all", per_page: 20 },
  });
  const ours = data.filter(({ user }) => user?.id === identities.rig);
  const known = ours.find(({ state, created_at }) => state === "open" || (attempt.unknown && Date.parse(created_at) >= since));
  return known && { number: known.number, url: known.html_url };
}

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
