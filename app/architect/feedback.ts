import type { Reader } from "../observe/github.ts";

/** An issue in which a user says something. */
export interface Feedback {
  readonly number: number;
  readonly title: string;
  readonly text: string;
  readonly reactions: number;
}

const MOST = 30;
const LONGEST = 300;

/** The newest open issues with any of these labels. */
export async function observeFeedback({ octokit, owner, repo }: Reader, labels: readonly string[]): Promise<readonly Feedback[]> {
  const found = await Promise.all(
    labels.map((label) => octokit.rest.issues.listForRepo({ owner, repo, state: "open", labels: label, per_page: MOST })),
  );
  const issues = found.flatMap(({ data }) => data).filter(({ pull_request }) => !pull_request);
  return [...new Map(issues.map((issue) => [issue.number, issue])).values()]
    .toSorted((a, b) => b.number - a.number)
    .slice(0, MOST)
    .map(({ number, title, body, reactions }) => ({
      number,
      title,
      text: (body ?? "").slice(0, LONGEST),
      reactions: reactions?.total_count ?? 0,
    }));
}
