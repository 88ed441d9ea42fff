import { type Executor, repositoryOf } from "./executor.ts";

/** Answers GitHub's own time of it, by which a later closing is told from the one before. */
export const reopenIssue: Executor<"REOPEN_ISSUE"> = async ({ number }, { octokit, subject }) => {
  const { data } = await octokit.rest.issues.update({ ...repositoryOf(subject), issue_number: number, state: "open" });
  return { response: { state: data.state, at: data.updated_at } };
};
