import type { Reader } from "./github.ts";

/** The milestone of that title as GitHub has it now; undefined where there is none. */
export async function observeMilestone(
  { octokit, owner, repo }: Reader,
  title: string,
): Promise<{ readonly number: number; readonly title: string; readonly openIssues: number } | undefined> {
  const milestones = await octokit.paginate(octokit.rest.issues.listMilestones, { owner, repo, state: "all", per_page: 100 });
  const found = milestones.find((milestone) => milestone.title === title);
  return found && { number: found.number, title: found.title, openIssues: found.open_issues };
}
