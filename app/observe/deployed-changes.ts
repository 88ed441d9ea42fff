/** What a deployment brought: the commits since the one before, and the files that differ. All of it is strangers' text. */
import { orNothing, type Reader } from "./github.ts";

const MOST_COMMITS = 20;
const MOST_FILES = 80;
const MOST_LINE = 200;

export interface DeployedChanges {
  /** `abc1234 What it does`, the newest last. */
  readonly commits: readonly string[];
  readonly files: readonly string[];
  /** There is more than is told. */
  readonly cut: boolean;
}

/** Of the commit alone where nothing is known to have been deployed before it. Undefined: GitHub does not show it. */
export async function observeDeployedChanges(
  { octokit, owner, repo }: Reader,
  sha: string,
  before: string | undefined,
): Promise<DeployedChanges | undefined> {
  if (before === undefined) {
    const answer = await orNothing(octokit.rest.repos.getCommit({ owner, repo, ref: sha }));
    return answer && changes([answer.data], answer.data.files ?? [], 1);
  }
  const basehead = `${before}...${sha}`;
  const answer = await orNothing(octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead }));
  return answer && changes(answer.data.commits, answer.data.files ?? [], answer.data.total_commits);
}

interface Commit {
  readonly sha: string;
  readonly commit: { readonly message: string };
}

function changes(commits: readonly Commit[], files: readonly { readonly filename: string }[], inAll: number): DeployedChanges {
  const line = (text: string) => text.replace(/\s+/g, " ").slice(0, MOST_LINE);
  return {
    commits: commits.slice(-MOST_COMMITS).map(({ sha, commit }) => `${sha.slice(0, 7)} ${line(commit.message.split("\n")[0] ?? "")}`),
    files: files.slice(0, MOST_FILES).map(({ filename }) => line(filename)),
    cut: inAll > MOST_COMMITS || files.length > MOST_FILES,
  };
}
