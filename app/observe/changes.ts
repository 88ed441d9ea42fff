import type { ChangedFile, SeenPullRequest } from "../domain/seen.ts";
import type { Reader } from "./github.ts";

/** R11: above this the API's list is cut off without a word. */
const MOST_FILES = 3_000;

/** The changed files as gates see them. Complete only when the API's list is as long as the pull request says. */
export async function observeChanges(
  { octokit, owner, repo }: Reader,
  pull_number: number,
  changedFiles: number,
): Promise<SeenPullRequest["changes"]> {
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, { owner, repo, pull_number, per_page: 100 });
  const complete = files.length === changedFiles && files.length < MOST_FILES;
  return {
    complete,
    files: files.map(({ filename, previous_filename, patch, changes, status }) =>
      changedFile(filename, previous_filename, patch, changes, status),
    ),
  };
}

/** A pure rename and an empty file have no patch and nothing to hide; any other file without one is unreadable. */
function changedFile(
  path: string,
  previousPath: string | undefined,
  patch: string | undefined,
  changes: number,
  status: string,
): ChangedFile {
  const lines = patch?.split("\n").filter((line) => !line.startsWith("@@")) ?? [];
  const added = lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1));
  const removed = lines.filter((line) => line.startsWith("-")).map((line) => line.slice(1));
  // GitHub cuts long patches: then fewer lines are shown than it counted.
  const readable = patch !== undefined ? added.length + removed.length === changes : changes === 0 && status === "renamed";
  return { path, ...(previousPath ? { previousPath } : {}), added, removed, readable };
}
