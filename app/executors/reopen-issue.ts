import { type Executor, repositoryOf } from "./executor.ts";

export const reopenIssue: Executor<"REOPEN_ISSUE"> = async ({ number }, { octokit, subject }) => {
  const { data } = await octokit.rest.issues.update({ ...repositoryOf(subject), issue_number: number, state: "open" });
  return { response: { state: data.state } };
};
