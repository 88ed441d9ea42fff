/** The issues of a repository as far as proposals are about them. */
import { gone, type Reader } from "./github.ts";

const MOST = 100;

export interface OpenIssue {
  readonly number: number;
  readonly title: string;
}

/** The newest open issues. */
export async function observeOpenIssues({ octokit, owner, repo }: Reader): Promise<readonly OpenIssue[]> {
  const { data } = await octokit.rest.issues.listForRepo({ owner, repo, state: "open", per_page: MOST });
  return data.filter(({ pull_request }) => !pull_request).map(({ number, title }) => ({ number, title }));
}

/** Open issues with a label, by their numbers. */
export async function observeLabelled({ octokit, owner, repo }: Reader, label: string): Promise<ReadonlySet<number>> {
  const found = await octokit.paginate(octokit.rest.issues.listForRepo, { owner, repo, state: "open", labels: label, per_page: 100 });
  return new Set(found.map(({ number }) => number));
}

/** Whether an issue is open, and which person closed it. A bot is nobody who decides. */
export async function observeEnd(
  { octokit, owner, repo }: Reader,
  issue_number: number,
): Promise<{ readonly issue: "open" | "closed" | "gone"; readonly closedBy?: string }> {
  try {
    const { data } = await octokit.rest.issues.get({ owner, repo, issue_number });
    // An issue that was moved answers under another number or another repository.
    if (data.number !== issue_number || !data.repository_url.toLowerCase().endsWith(`/${owner}/${repo}`.toLowerCase()))
      return { issue: "gone" };
    if (data.state === "open") return { issue: "open" };
    return data.closed_by?.type === "User" ? { issue: "closed", closedBy: data.closed_by.login } : { issue: "closed" };
  } catch (error) {
    if (!gone(error)) throw error;
    await octokit.rest.repos.get({ owner, repo });
    return { issue: "gone" };
  }
}
