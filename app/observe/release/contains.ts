import type { Reader } from "../github.ts";
import { orNothing } from "../github.ts";

/** Whether a commit is the merge or comes after it: several merges may go out in one deployment. */
export async function contains({ octokit, owner, repo, memory }: Reader, mergeSha: string, sha: string): Promise<boolean> {
  if (sha === mergeSha) return true;
  if (!/^[0-9a-f]{40}$/.test(sha)) return false;
  const basehead = `${mergeSha}...${sha}`;
  const status = await memory.recall(
    `${owner}/${repo}:compare:${basehead}`,
    async () => (await orNothing(octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead, per_page: 1 })))?.data.status,
    // Of two commits that are there it never changes which came first.
    { worth: (answer) => answer !== undefined },
  );
  return status === "ahead" || status === "identical";
}
